"""Scores that mean what they say: Platt scaling, fitted on rows that the trees did not see, and folded into the trees."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from .trees import LeafContributions, Tree


@dataclass(frozen=True)
class Platt:
    """Calibrated log-odds = slope · margin + intercept."""

    slope: float
    intercept: float

    def apply(self, margin: np.ndarray) -> np.ndarray:
        """Probability of log-odds as the trees give them."""
        return 1 / (1 + np.exp(-(self.slope * margin.astype(np.float64) + self.intercept)))


def fit_platt(margin: np.ndarray, label: np.ndarray) -> Platt:
    """
    The slope and intercept of the highest likelihood, without a penalty. Raises ValueError where the slope is not positive:
    such a model ranks the wrong way round, and no calibration mends that.
    """
    found = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(
        margin.astype(np.float64)[:, None], label
    )
    platt = Platt(float(found.coef_[0, 0]), float(found.intercept_[0]))
    if not platt.slope > 0:
        raise ValueError(f"calibration gave the slope {platt.slope}: the scores rank frauds below legitimate traffic")
    return platt


def fold(
    platt: Platt, trees: list[Tree], leaves: list[LeafContributions], base_margin: float
) -> tuple[list[Tree], list[LeafContributions], float]:
    """
    Trees, leaves and base margin whose margin is the calibrated one. Values and contributions stretch by the slope; base margin
    takes the intercept too, so that log-odds remain bias + contributions and the graph needs no further node.
    """
    scaled = [replace(tree, expectation=tree.expectation * platt.slope) for tree in trees]
    stretched = [
        {leaf: {feature: value * platt.slope for feature, value in values.items()} for leaf, values in of_tree.items()}
        for of_tree in leaves
    ]
    return scaled, stretched, platt.slope * base_margin + platt.intercept
