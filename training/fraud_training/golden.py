"""Rows with known answers, which the product scores before it trusts a model it loaded."""

from __future__ import annotations

from typing import Any

import numpy as np

from .masking import mask_state
from .matrix import Matrix
from .trees import Tree
from .verify import OnnxScorer

SPREAD_ROWS = 22
THRESHOLD_ROWS = 8


def rows_on_thresholds(trees: list[Tree], x: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows of x (float32 [N, F]) with every feature that the trees split moved exactly onto one of its thresholds."""
    rng = np.random.default_rng(seed)
    feature = np.concatenate([tree.feature[tree.left != -1] for tree in trees])
    threshold = np.concatenate([tree.threshold[tree.left != -1] for tree in trees])
    moved = x[rng.integers(0, len(x), count)].copy()
    for column in np.unique(feature):
        moved[:, column] = rng.choice(np.unique(threshold[feature == column]), count)
    return moved


def golden_inputs(rows: Matrix, score: np.ndarray, trees: list[Tree], seed: int) -> np.ndarray:
    """
    About 32 rows, float32 [G, F]: spread evenly over the log-odds from the lowest to the highest score, on
    thresholds, with the feature store down, and with nothing known at all.
    """
    clipped = np.clip(score.astype(np.float64), 1e-9, 1 - 1e-9)
    margin = np.log(clipped / (1 - clipped))
    order = np.argsort(margin, kind="stable")
    wanted = np.linspace(margin[order[0]], margin[order[-1]], SPREAD_ROWS)
    spread = np.unique(order[np.clip(np.searchsorted(margin[order], wanted), 0, len(order) - 1)])
    return np.concatenate(
        [
            rows.x[spread],
            rows_on_thresholds(trees, rows.x, THRESHOLD_ROWS, seed),
            mask_state(rows.rows(spread[-1:])).x,
            np.full((1, rows.x.shape[1]), np.nan, dtype=np.float32),
        ]
    )


def golden_rows(scorer: OnnxScorer, x: np.ndarray) -> list[dict[str, Any]]:
    """float32 values written exactly (as the doubles they are), missing as null."""
    score, contributions = scorer.run(x)
    return [
        {
            "features": [None if np.isnan(v) else float(v) for v in row],
            "score": float(s),
            "contributions": [float(v) for v in c],
        }
        for row, s, c in zip(x, score, contributions)
    ]
