"""How good the scores are, and whether they mean what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

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
    """Per threshold: recall, precision (None without alerts) and the share of traffic at or above it."""
    found = {}
    for action, threshold in thresholds.items():
        alert = score >= threshold
        found[action] = {
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


def evaluate(rows: Matrix, score: np.ndarray, thresholds: dict[str, float]) -> dict[str, Any]:
    """All metrics of `score` (probability, [N]) on the rows."""
    bins = reliability(rows.label, score)
    return {
        "rows": len(rows),
        "frauds": int(rows.label.sum()),
        "average_precision": _rounded(average_precision_score(rows.label, score)),
        "auc": _rounded(roc_auc_score(rows.label, score)),
        "brier": _rounded(brier_score_loss(rows.label, score)),
        "mean_score": _rounded(score.mean(dtype=np.float64)),
        "fraud_rate": _rounded(rows.label.mean()),
        "calibration_error": _rounded(
            sum(b["rows"] * abs(b["mean_score"] - b["fraud_rate"]) for b in bins) / len(rows)
        ),
        "thresholds": at_thresholds(rows.label, score, thresholds),
        "by_scenario": by_scenario(rows, score, thresholds),
        "reliability": bins,
    }
