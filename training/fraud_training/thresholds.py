"""The thresholds that ship, and the ones that the data would suggest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

# The policy's own, over which an operator decides; the model only reports how it does at them.
THRESHOLDS = {"step_up": 0.3, "review": 0.7, "decline": 0.9}

# What share of the alerts should be frauds before an action is worth its friction.
TARGET_PRECISION = {"step_up": 0.3, "review": 0.6, "decline": 0.9}

# A precision seen on fewer alerts is luck.
MINIMUM_ALERTS = 30


def suggest_thresholds(label: np.ndarray, score: np.ndarray) -> dict[str, Any]:
    """
    Per action the lowest score above which alerts reach the target precision, with what it catches:
    {action: {threshold, target_precision, precision, recall, alert_rate}}, or None where no score does.
    """
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(label[order])
    alerts = np.arange(1, len(order) + 1)
    precision = hits / alerts
    # A threshold can only lie between two different scores.
    last_of_score = np.append(score[order][:-1] != score[order][1:], True)
    found: dict[str, Any] = {}
    for action, target in TARGET_PRECISION.items():
        fits = np.flatnonzero(last_of_score & (precision >= target) & (alerts >= MINIMUM_ALERTS))
        if not len(fits):
            found[action] = None
            continue
        at = fits[-1]
        found[action] = {
            # Rounded down, so that the row that set it stays above it.
            "threshold": math.floor(float(score[order][at]) * 1e6) / 1e6,
            "target_precision": target,
            "precision": round(float(precision[at]), 6),
            "recall": round(float(hits[at] / max(1, hits[-1])), 6),
            "alert_rate": round(float(alerts[at] / len(order)), 6),
        }
    return found
