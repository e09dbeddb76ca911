"""Time-ordered split: a model is only ever judged on traffic that came after what it learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .matrix import DAY_MS, Matrix


@dataclass(frozen=True)
class Days:
    """Lengths of the parts of a split, in days. `label_delay`: a fraud is known so long after it happened."""

    warmup: float
    early: float
    calibration: float
    test: float
    label_delay: float


@dataclass(frozen=True)
class Split:
    """Stretches of time that follow each other: `train`, a label delay, `early`, `calibration`, a label delay, `test`."""

    train: Matrix
    early: Matrix
    calibration: Matrix
    test: Matrix


def window(matrix: Matrix, from_ms: int, to_ms: int) -> Matrix:
    """Rows with from_ms <= occurred_at_ms < to_ms."""
    at = matrix.occurred_at_ms
    return matrix.rows(slice(*np.searchsorted(at, [from_ms, to_ms], side="left")))


def split_by_time(matrix: Matrix, days: Days) -> Split:
    """
    Cuts off the warm-up (histories still fill, so long-window features mean something else there) and, at the end of the
    traffic, the rows whose labels are not known yet. Between what learns and what comes after lies a label delay as well:
    whoever trained at that moment could not have known the labels of these rows, so they serve no slice.
    """
    if not len(matrix):
        raise ValueError("the matrix has no rows")
    start, end = int(matrix.occurred_at_ms[0]), int(matrix.occurred_at_ms[-1]) + 1
    delay = int(days.label_delay * DAY_MS)
    train_from = start + int(days.warmup * DAY_MS)
    test_to = end - delay
    test_from = test_to - int(days.test * DAY_MS)
    calibration_to = test_from - delay
    calibration_from = calibration_to - int(days.calibration * DAY_MS)
    early_from = calibration_from - int(days.early * DAY_MS)
    train_to = early_from - delay
    if train_to <= train_from:
        raise ValueError(
            f"the matrix covers {(end - start) / DAY_MS:.1f} days, which leaves nothing to train on after "
            f"{days.warmup:g} days of warm-up, {days.early:g} of early stopping, {days.calibration:g} of calibration, "
            f"{days.test:g} of test and three label delays of {days.label_delay:g}"
        )
    split = Split(
        train=window(matrix, train_from, train_to),
        early=window(matrix, early_from, calibration_from),
        calibration=window(matrix, calibration_from, calibration_to),
        test=window(matrix, test_from, test_to),
    )
    for name, rows in vars(split).items():
        if rows.label.all() or not rows.label.any():
            raise ValueError(
                f"the {name} slice needs both frauds and legitimate rows, it has {rows.label.sum()} of {len(rows)}"
            )
    return split


def holdout_window(holdout: Matrix, after_ms: int, warmup_days: float, label_delay_days: float) -> Matrix:
    """
    The holdout's rows from its own warm-up and the end of the training traffic (`after_ms`) on, whichever is later, up to
    those whose labels are not known at its end.
    """
    warm = int(holdout.occurred_at_ms[0]) + int(warmup_days * DAY_MS)
    known_to = int(holdout.occurred_at_ms[-1]) + 1 - int(label_delay_days * DAY_MS)
    later = window(holdout, max(warm, after_ms), known_to)
    if later.label.all() or not later.label.any():
        raise ValueError("the holdout has no frauds, or no rows at all, later than the training traffic: give it more days")
    return later
