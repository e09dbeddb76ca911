"""
What each leaf says about the features: the mean of exact TreeSHAP over rows that reach it.

An exact value depends on the whole row and not on the leaf alone, so it cannot be carried by leaves. Their mean can, and no
other values that are fixed to leaves come nearer in the mean square. What the splits on the path moved the expectation by
(`approx_contribs` of XGBoost) is much further away where features say similar things.
"""

from __future__ import annotations

import numpy as np
import xgboost as xgb

from .trees import LeafContributions, Tree, path_contributions

# Reasons are shown with high scores, so all of those count, and of the others enough to reach the other leaves.
HIGH_SCORE = 0.1
EVERY = 20


def reference_rows(score: np.ndarray) -> np.ndarray:
    """Which rows to take means over: all with a high score, and every twentieth."""
    return np.flatnonzero((score > HIGH_SCORE) | (np.arange(len(score)) % EVERY == 0))


def leaf_contributions(booster: xgb.Booster, trees: list[Tree], x: np.ndarray) -> list[LeafContributions]:
    """
    By tree, the mean TreeSHAP values of the rows of x (float32 [N, F]) that reach each leaf; for a leaf that none reaches, what
    the splits on its path did. Both sum to the leaf's value less the tree's expectation.
    """
    rows = xgb.DMatrix(x, missing=np.nan, nthread=2)
    reached = booster.predict(rows, pred_leaf=True).astype(np.int64).reshape(len(x), len(trees))
    found = []
    for i, tree in enumerate(trees):
        exact = booster[i : i + 1].predict(rows, pred_contribs=True)[:, :-1].astype(np.float64)
        leaves = path_contributions(tree)
        for leaf in leaves:
            here = reached[:, i] == tree.number[leaf]
            if here.any():
                leaves[leaf] = _summing_to(
                    float(tree.expectation[leaf] - tree.expectation[0]), exact[here].mean(axis=0)
                )
        found.append(leaves)
    return found


def _summing_to(total: float, values: np.ndarray) -> dict[int, float]:
    """The values that are not zero, the rounding of float32 put right in the largest."""
    kept = {int(feature): float(values[feature]) for feature in np.flatnonzero(values)}
    if kept:
        largest = max(kept, key=lambda feature: abs(kept[feature]))
        kept[largest] += total - sum(kept.values())
    return kept


def summed(booster: xgb.Booster, trees: list[Tree], leaves: list[LeafContributions], x: np.ndarray) -> np.ndarray:
    """What a row's leaves say together, float64 [N, F]: what the graph must answer, by another way than the graph's."""
    reached = booster.predict(xgb.DMatrix(x, missing=np.nan, nthread=2), pred_leaf=True)
    reached = reached.astype(np.int64).reshape(len(x), -1)
    total = np.zeros(x.shape)
    for i, (tree, contributions) in enumerate(zip(trees, leaves)):
        table = np.zeros((int(tree.number.max()) + 1, x.shape[1]))
        for leaf, values in contributions.items():
            table[tree.number[leaf], list(values)] = list(values.values())
        total += table[reached[:, i]]
    return total
