"""The engine's own features of the Handbook's transactions, as its `matrix` command writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from fraud_training.matrix import load_matrix

from .data import Transactions


@dataclass(frozen=True)
class EngineMatrix:
    """
    rows: int64 [M], which transactions · x: float32 [M, F], NaN = missing · features: F names, without those that no row has
    all_features: how many there are with them
    """

    rows: np.ndarray
    x: np.ndarray
    features: tuple[str, ...]
    all_features: int


def read_engine_matrix(directory: Path, transactions: Transactions) -> EngineMatrix:
    """Raises ValueError where the matrix is not one of these transactions."""
    matrix = load_matrix(directory)
    ids = pq.read_table(directory / "matrix.parquet", columns=["transaction_id"])["transaction_id"].to_pylist()
    rows = np.array([int(name.rsplit("-", 1)[1]) for name in ids])
    if not np.array_equal(matrix.occurred_at_ms, transactions.seconds[rows] * 1000):
        raise ValueError(f"{directory} is not a matrix of these transactions")
    present = np.flatnonzero(~np.isnan(matrix.x).all(axis=0))
    return EngineMatrix(rows, matrix.x[:, present], tuple(matrix.features[i] for i in present), len(matrix.features))
