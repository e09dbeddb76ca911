"""Time-ordered split: a model is only ever judged on traffic that came after what it learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .matrix import DAY_MS, Matrix


@dataclass(frozen=True)
class Split:
    """Three consecutive stretches of time; the warm-up before `train` is left out."""

    train: Matrix
    early: Matrix
    test: Matrix


def window(matrix: Matrix, from_ms: int, to_ms: int) -> Matrix:
    """Rows with from_ms <= occurred_at_ms < to_ms."""
    at = matrix.occurred_at_ms
    return matrix.rows(slice(*np.searchsorted(at, [from_ms, to_ms], side="left")))


def split_by_time(matrix: Matrix, warmup_days: float, early_days: float, test_days: float) -> Split:
    """
    Cuts off the warm-up (histories still fill, so long-window features mean something else there), then takes the
    last `test_days` for the suggested thresholds, `early_days` before these for early stopping, the rest to train.
    """
    if not len(matrix):
        raise ValueError("the matrix has no rows")
    start = int(matrix.occurred_at_ms[0])
    end = int(matrix.occurred_at_ms[-1]) + 1
    train_from = start + int(warmup_days * DAY_MS)
    test_from = end - int(test_days * DAY_MS)
    early_from = test_from - int(early_days * DAY_MS)
    if early_from <= train_from:
        raise ValueError(
            f"the matrix covers {(end - start) / DAY_MS:.1f} days, which leaves nothing to train on after "
            f"{warmup_days} days of warm-up, {early_days} of early stopping and {test_days} of test"
        )
    split = Split(
        train=window(matrix, train_from, early_from),
        early=window(matrix, early_from, test_from),
        test=window(matrix, test_from, end),
    )
    for name in ("train", "early", "test"):
        label = getattr(split, name).label
        if label.all() or not label.any():
            raise ValueError(f"the {name} slice needs both frauds and legitimate rows, it has {label.sum()} of {len(label)}")
    return split


def holdout_window(holdout: Matrix, after_ms: int, warmup_days: float) -> Matrix:
    """The holdout's rows from its own warm-up and the end of the training traffic (`after_ms`) on, whichever is later."""
    warm = int(holdout.occurred_at_ms[0]) + int(warmup_days * DAY_MS)
    later = window(holdout, max(warm, after_ms), int(holdout.occurred_at_ms[-1]) + 1)
    if later.label.all() or not later.label.any():
        raise ValueError("the holdout has no frauds, or no rows at all, later than the training traffic: give it more days")
    return later
