"""The Handbook's files as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

DAY_S = 86_400
WINDOWS_DAYS = (1, 7, 30)


@dataclass(frozen=True)
class Transactions:
    """
    N transactions in the file's order, which is that of time.

    seconds: int64, since the epoch, UTC · customer, terminal: int64 · amount: float64 · fraud: bool
    """

    seconds: np.ndarray
    customer: np.ndarray
    terminal: np.ndarray
    amount: np.ndarray
    fraud: np.ndarray


@dataclass(frozen=True)
class Published:
    """
    The authors' features of the later M transactions.

    rows: int64 [M], which transactions · own: float32 [M, 9], amount, weekend, night, count and mean of the customer
    terminal: float32 [M, 6], count and risk by window
    """

    rows: np.ndarray
    own: np.ndarray
    terminal: np.ndarray


def _read(path: Path) -> pa.Table:
    return csv.read_csv(path, convert_options=csv.ConvertOptions(timestamp_parsers=["%Y-%m-%dT%H:%M:%S"]))


def read_transactions(directory: Path) -> Transactions:
    """Reads transactions.csv.gz and labels.csv.gz. Raises ValueError where they do not belong together."""
    table = _read(directory / "transactions.csv.gz")
    labels = _read(directory / "labels.csv.gz")
    if not table["TRANSACTION_ID"].equals(labels["TRANSACTION_ID"]):
        raise ValueError("transactions.csv.gz and labels.csv.gz name different transactions")
    ids = table["TRANSACTION_ID"].to_numpy()
    if not np.array_equal(ids, np.arange(len(ids))):
        raise ValueError("transaction ids are expected to count the rows")
    return Transactions(
        seconds=table["TX_DATETIME"].to_numpy().astype("datetime64[s]").astype(np.int64),
        customer=table["CUSTOMER_ID"].to_numpy().astype(np.int64),
        terminal=table["TERMINAL_ID"].to_numpy().astype(np.int64),
        amount=table["TX_AMOUNT"].to_numpy(),
        fraud=labels["TX_FRAUD"].to_numpy().astype(bool),
    )


def read_published(directory: Path, transactions: Transactions) -> Published:
    """Reads the published features."""
    (path,) = directory.glob("published_features_*.csv.gz")
    table = _read(path)
    rows = table["TRANSACTION_ID"].to_numpy()

    def columns(*names: str) -> np.ndarray:
        return np.column_stack([table[name].to_numpy() for name in names]).astype(np.float32)

    def over_windows(entity: str, *what: str) -> list[str]:
        return [f"{entity}_ID_{w}_{days}DAY_WINDOW" for days in WINDOWS_DAYS for w in what]

    calendar = columns("TX_DURING_WEEKEND", "TX_DURING_NIGHT", *over_windows("CUSTOMER", "NB_TX", "AVG_AMOUNT"))
    amount = transactions.amount[rows].astype(np.float32)[:, None]
    return Published(
        rows=rows,
        own=np.hstack([amount, calendar]),
        terminal=columns(*over_windows("TERMINAL", "NB_TX", "RISK")),
    )


def day_of(date: str) -> int:
    """Days since the epoch of an ISO date."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()) // DAY_S
