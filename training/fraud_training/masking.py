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


def with_masked_rows(matrix: Matrix, share: float, blank_share: float, seed: int) -> Matrix:
    """
    Appends copies of a random `share` of the rows with all state features missing, and of a random `blank_share` with nothing
    known at all; labels unchanged.

    Without these the model never saw such a row, and every "missing" direction in the trees would point to wherever
    brand-new cards went: an outage would score all traffic like first-time traffic. Amounts are missing where a currency is not
    known, and where nothing is known the score should be the fraud rate.
    """
    rng = np.random.default_rng(seed)

    def some(of: float) -> Matrix:
        return matrix.rows(np.sort(rng.choice(len(matrix), round(of * len(matrix)), replace=False)))

    blank = some(blank_share)
    parts = [matrix, mask_state(some(share)), replace(blank, x=np.full_like(blank.x, np.nan))]
    columns = ("x", "label", "scenario", "channel", "occurred_at_ms")
    longer = {c: np.concatenate([getattr(part, c) for part in parts]) for c in columns}
    categories = {name: np.concatenate([part.categories[name] for part in parts]) for name in matrix.categories}
    return replace(matrix, **longer, categories=categories)
