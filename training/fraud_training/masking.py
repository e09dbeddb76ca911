"""Rows as they look while the feature store is down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .matrix import Matrix


def mask_state(matrix: Matrix) -> Matrix:
    """A copy of the rows with every state feature missing."""
    x = matrix.x.copy()
    x[:, [matrix.features.index(name) for name in matrix.state_features]] = np.nan
    return replace(matrix, x=x)


def with_masked_rows(matrix: Matrix, share: float, seed: int) -> Matrix:
    """
    Appends copies of a random `share` of the rows with all state features missing, labels unchanged.

    Without these the model never saw such a row, and every "missing" direction in the trees would point to wherever
    brand-new cards went: an outage would score all traffic like first-time traffic.
    """
    chosen = np.sort(np.random.default_rng(seed).choice(len(matrix), round(share * len(matrix)), replace=False))
    masked = mask_state(matrix.rows(chosen))
    columns = ("x", "label", "scenario", "channel", "occurred_at_ms")
    return replace(matrix, **{c: np.concatenate([getattr(matrix, c), getattr(masked, c)]) for c in columns})
