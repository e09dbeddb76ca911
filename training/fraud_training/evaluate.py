"""How good the scores are, and whether they mean what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from .calibrate import fit_platt
from .matrix import Matrix

# Uneven, since nearly all traffic scores far below the thresholds.
RELIABILITY_EDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def _rounded(value: float) -> float:
    return round(float(value), 6)


def reliability(label: np.ndarray, score: np.ndarray) -> list[dict[str, Any]]:
    """Per bin of the score, the mean score beside the share of frauds: equal where the model is calibrated."""
    bins = np.clip(np.searchsorted(RELIABILITY_EDGES, score, side="right") - 1, 0, len(RELIABILITY_EDGES) - 2)
    found = []
    for i, (low, high) in enumerate(zip(RELIABILITY_EDGES, RELIABILITY_EDGES[1:])):
        inside = bins == i
        if inside.any():
            found.append(
                {
                    "from": low,
                    "to": high,
                    "rows": int(inside.sum()),
                    "mean_score": _rounded(score[inside].mean(dtype=np.float64)),
                    "fraud_rate": _rounded(label[inside].mean()),
                }
            )
    return found


def at_thresholds(label: np.ndarray, score: np.ndarray, thresholds: dict[str, float]) -> dict[str, Any]:
    """Per action its threshold, recall, precision (None without alerts) and the share of traffic at or above it."""
    found = {}
    for action, threshold in thresholds.items():
        alert = score >= threshold
        found[action] = {
            "threshold": threshold,
            "recall": _rounded(alert[label].mean()),
            "precision": _rounded(label[alert].mean()) if alert.any() else None,
            "alert_rate": _rounded(alert.mean()),
        }
    return found


def by_scenario(rows: Matrix, score: np.ndarray, thresholds: dict[str, float]) -> dict[str, Any]:
    """Per kind of fraud: how many, and which share of them each threshold catches."""
    found = {}
    for scenario in sorted({s for s in rows.scenario[rows.label] if s is not None}):
        frauds = rows.label & (rows.scenario == scenario)
        found[scenario] = {
            "frauds": int(frauds.sum()),
            "recall": {action: _rounded((score[frauds] >= t).mean()) for action, t in thresholds.items()},
        }
    return found


def calibration_error(label: np.ndarray, score: np.ndarray) -> float:
    """Expected calibration error: the mean over the rows of |mean score − fraud rate| of the row's bin."""
    bins = reliability(label, score)
    return sum(b["rows"] * abs(b["mean_score"] - b["fraud_rate"]) for b in bins) / len(label)


def calibration(label: np.ndarray, margin: np.ndarray) -> dict[str, float]:
    """
    How far log-odds are from what they should say. `slope` and `intercept` are those that would set them right on these very
    rows: 1 and 0 where nothing is left to be set right.
    """
    score = 1 / (1 + np.exp(-margin.astype(np.float64)))
    left = fit_platt(margin, label)
    return {
        "calibration_error": _rounded(calibration_error(label, score)),
        "mean_score": _rounded(score.mean()),
        "fraud_rate": _rounded(label.mean()),
        "log_loss": _rounded(log_loss(label, score)),
        "brier": _rounded(brier_score_loss(label, score)),
        "slope": _rounded(left.slope),
        "intercept": _rounded(left.intercept),
    }


def evaluate(rows: Matrix, score: np.ndarray, thresholds: dict[str, float]) -> dict[str, Any]:
    """All metrics of `score` (probability, [N]) on the rows."""
    return {
        "rows": len(rows),
        "frauds": int(rows.label.sum()),
        "average_precision": _rounded(average_precision_score(rows.label, score)),
        "auc": _rounded(roc_auc_score(rows.label, score)),
        "brier": _rounded(brier_score_loss(rows.label, score)),
        "mean_score": _rounded(score.mean(dtype=np.float64)),
        "fraud_rate": _rounded(rows.label.mean()),
        "calibration_error": _rounded(calibration_error(rows.label, score)),
        "thresholds": at_thresholds(rows.label, score, thresholds),
        "by_scenario": by_scenario(rows, score, thresholds),
        "reliability": reliability(rows.label, score),
    }
