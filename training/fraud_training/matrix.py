"""The feature matrix that the product's own feature catalogue computed while replaying a traffic stream."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Matrix:
    """
    N transactions in time order.

    x: float32 [N, F], NaN = missing · label: bool [N] · scenario: object [N], None for legitimate traffic
    channel: object [N], None where it is not given
    occurred_at_ms: int64 [N], epoch milliseconds of the event, ascending
    features: F column names · state_features: those that need the feature store
    drift_features: those that follow behaviour and not the calendar · about: matrix.json
    categories: object [N] by field of the transaction that drift is watched on as it came, None where it is not given
    """

    x: np.ndarray
    label: np.ndarray
    scenario: np.ndarray
    channel: np.ndarray
    occurred_at_ms: np.ndarray
    features: tuple[str, ...]
    state_features: tuple[str, ...]
    drift_features: tuple[str, ...]
    about: dict[str, Any]
    categories: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.label)

    def rows(self, index: np.ndarray) -> "Matrix":
        """The rows of a mask or index array."""
        return replace(
            self,
            x=self.x[index],
            label=self.label[index],
            scenario=self.scenario[index],
            channel=self.channel[index],
            occurred_at_ms=self.occurred_at_ms[index],
            categories={name: values[index] for name, values in self.categories.items()},
        )


def _named(about: dict[str, Any], key: str, features: tuple[str, ...]) -> tuple[str, ...]:
    """Features that matrix.json names under a key."""
    unknown = set(about[key]) - set(features)
    if unknown:
        raise ValueError(f"matrix.json names {key} that are no features: {sorted(unknown)}")
    return tuple(about[key])


def label_delay_days(matrix: Matrix) -> float:
    """How long after a transaction its fraud is known."""
    return matrix.about["label_delay_ms"] / DAY_MS


def load_matrix(directory: Path) -> Matrix:
    """Reads DIR/matrix.parquet and DIR/matrix.json; rows come back sorted by event time, ties in file order."""
    about = json.loads((directory / "matrix.json").read_text())
    features = tuple(about["features"])
    # A matrix that was made before they were watched names none.
    categories = about.get("drift_categories", [])
    columns = dict.fromkeys([*features, "label", "scenario", "channel", "occurred_at_ms", *categories])
    table = pq.read_table(directory / "matrix.parquet", columns=list(columns))
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
        channel=np.array(table["channel"].to_pylist(), dtype=object),
        occurred_at_ms=table["occurred_at_ms"].to_numpy().astype(np.int64),
        features=features,
        state_features=_named(about, "state_features", features),
        drift_features=_named(about, "drift_features", features),
        about=about,
        categories={name: np.array(table[name].to_pylist(), dtype=object) for name in categories},
    )
    return matrix.rows(np.argsort(matrix.occurred_at_ms, kind="stable"))
