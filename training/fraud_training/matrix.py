"""The feature matrix that the product's own feature catalogue computed while replaying a traffic stream."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

DAY_MS = 86_400_000

# Used only for a matrix that does not name its `state_features`: what can be read off the transaction alone.
TRANSACTION_PREFIXES = ("amount", "local_", "channel", "is_remote")


@dataclass(frozen=True)
class Matrix:
    """
    N transactions in time order.

    x: float32 [N, F], NaN = missing · label: bool [N] · scenario: object [N], None for legitimate traffic
    occurred_at_ms: int64 [N], epoch milliseconds of the event, ascending
    features: F column names · state_features: those that need the feature store · about: matrix.json
    """

    x: np.ndarray
    label: np.ndarray
    scenario: np.ndarray
    occurred_at_ms: np.ndarray
    features: tuple[str, ...]
    state_features: tuple[str, ...]
    about: dict[str, Any]

    def __len__(self) -> int:
        return len(self.label)

    def rows(self, index: np.ndarray) -> "Matrix":
        """The rows of a mask or index array."""
        return replace(
            self,
            x=self.x[index],
            label=self.label[index],
            scenario=self.scenario[index],
            occurred_at_ms=self.occurred_at_ms[index],
        )


def state_features_of(features: tuple[str, ...], about: dict[str, Any]) -> tuple[str, ...]:
    """Features that go missing together when the feature store is down."""
    named = about.get("state_features")
    if named is None:
        return tuple(f for f in features if not f.startswith(TRANSACTION_PREFIXES))
    unknown = set(named) - set(features)
    if unknown:
        raise ValueError(f"matrix.json names state features that are no features: {sorted(unknown)}")
    return tuple(named)


def load_matrix(directory: Path) -> Matrix:
    """Reads DIR/matrix.parquet and DIR/matrix.json; rows come back sorted by event time, ties in file order."""
    about = json.loads((directory / "matrix.json").read_text())
    features = tuple(about["features"])
    table = pq.read_table(
        directory / "matrix.parquet", columns=[*features, "label", "scenario", "occurred_at_ms"]
    )
    x = np.empty((table.num_rows, len(features)), dtype=np.float32)
    for column, name in enumerate(features):
        # A null is a missing value as much as a NaN is.
        x[:, column] = table[name].to_numpy().astype(np.float32)
    if np.isinf(x).any():
        bad = [features[i] for i in np.flatnonzero(np.isinf(x).any(axis=0))]
        raise ValueError(f"infinite values in {bad}: a feature that cannot be computed must be missing")
    matrix = Matrix(
        x=x,
        label=table["label"].to_numpy().astype(bool),
        scenario=np.array(table["scenario"].to_pylist(), dtype=object),
        occurred_at_ms=table["occurred_at_ms"].to_numpy().astype(np.int64),
        features=features,
        state_features=state_features_of(features, about),
        about=about,
    )
    return matrix.rows(np.argsort(matrix.occurred_at_ms, kind="stable"))
