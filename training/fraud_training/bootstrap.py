"""How much a figure would vary with other days of the same kind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

DRAWS = 500


def day_weights(days: np.ndarray, seed: int, draws: int = DRAWS) -> Iterator[np.ndarray]:
    """Draws as many days with replacement as there are, and yields how often each row's day was drawn, int64 [N]."""
    distinct, of_row = np.unique(days, return_inverse=True)
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        drawn = rng.integers(0, len(distinct), len(distinct))
        yield np.bincount(drawn, minlength=len(distinct))[of_row]


class Ranking:
    """Rows sorted by score once, for figures under many weightings. Ties count together, as in scikit-learn."""

    def __init__(self, label: np.ndarray, score: np.ndarray) -> None:
        self._order = np.argsort(-score, kind="stable")
        self._label = label[self._order]
        ranked = score[self._order]
        self._ends = np.flatnonzero(np.append(ranked[:-1] != ranked[1:], True))

    def _counts(self, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weight of frauds and of all rows down to each distinct score."""
        ordered = weight[self._order]
        return np.cumsum(ordered * self._label)[self._ends], np.cumsum(ordered)[self._ends]

    def average_precision(self, weight: np.ndarray) -> float:
        frauds, rows = self._counts(weight)
        precision = np.divide(frauds, rows, out=np.zeros(len(rows)), where=rows > 0)
        return float((np.diff(frauds, prepend=0) * precision).sum() / frauds[-1])

    def auc(self, weight: np.ndarray) -> float:
        frauds, rows = self._counts(weight)
        legitimate = rows - frauds
        height = frauds + np.concatenate([[0], frauds[:-1]])
        area = (np.diff(legitimate, prepend=0) * height).sum() / 2
        return float(area / (frauds[-1] * legitimate[-1]))


def interval(values: list[float]) -> list[float]:
    """The middle 95 % of some draws."""
    return [round(float(v), 6) for v in np.percentile(values, [2.5, 97.5])]
