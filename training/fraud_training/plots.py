"""The pictures of the model card."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from sklearn.metrics import average_precision_score, precision_recall_curve

from .evaluate import reliability

PRECISION_RECALL = "precision-recall.png"
RELIABILITY = "reliability.png"
SCORES = "scores.png"

# Told apart without colour vision, too.
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#777777"
# Below, the axes of shares and scores are logarithmic and end here.
LOWEST = 1e-4


def _save(axes: Axes, path: Path) -> None:
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.figure.tight_layout()
    # Without the software's name and version, the bytes are those of the figures alone.
    axes.figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(axes.figure)


def _axes(title: str, x: str, y: str) -> Axes:
    _, axes = plt.subplots(figsize=(6.4, 4.6))
    axes.set_title(title, fontsize=11)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return axes


def precision_recall(label: np.ndarray, score: np.ndarray, thresholds: dict[str, float], path: Path) -> None:
    """Precision over recall, with the points of the policy's thresholds."""
    axes = _axes("Precision and recall on the holdout", "recall: share of the frauds", "precision: share of the alerts")
    precision, recall, _ = precision_recall_curve(label, score)
    # The last point belongs to no threshold.
    axes.plot(recall[:-1], precision[:-1], color=BLUE, label=f"average precision {average_precision_score(label, score):.3f}")
    axes.axhline(label.mean(), color=GREY, linestyle=":", label=f"alerting on anything: {label.mean():.2%}")
    for action, threshold in thresholds.items():
        alert = score >= threshold
        if not alert.any():
            continue
        at = (alert[label].mean(), label[alert].mean())
        axes.plot(*at, "o", color=ORANGE)
        axes.annotate(f"{action} ≥ {threshold}", at, textcoords="offset points", xytext=(-8, -14), ha="right")
    axes.set(xlim=(0, 1.01), ylim=(0, 1.02))
    axes.legend(loc="lower left")
    _save(axes, path)


def reliability_diagram(label: np.ndarray, before: np.ndarray, after: np.ndarray, path: Path) -> None:
    """Fraud rate over mean score by bin, before and after calibration; bars are 95 % by chance alone."""
    axes = _axes("What a score means: reliability on the holdout", "mean score of a bin", "share of frauds in it")
    axes.plot([LOWEST, 1], [LOWEST, 1], color=GREY, linestyle=":", label="a score that means what it says")
    for name, score, colour, marker in (("before calibration", before, ORANGE, "s"), ("after", after, BLUE, "o")):
        bins = [b for b in reliability(label, score) if b["fraud_rate"] > 0]
        x, y, n = (np.array([b[key] for b in bins]) for key in ("mean_score", "fraud_rate", "rows"))
        bar = 1.96 * np.sqrt(y * (1 - y) / n)
        axes.errorbar(x, y, [np.minimum(bar, y - LOWEST / 2), bar], color=colour, marker=marker, capsize=2, label=name)
    axes.set(xscale="log", yscale="log", xlim=(LOWEST, 1.1), ylim=(LOWEST, 1.3))
    axes.legend(loc="upper left")
    _save(axes, path)


def score_distribution(label: np.ndarray, score: np.ndarray, thresholds: dict[str, float], path: Path) -> None:
    """How frauds and legitimate rows spread over the log-odds, each summing to one."""
    axes = _axes("Scores on the holdout", "score (logarithmic in the odds)", "share of the kind")
    clipped = np.clip(score.astype(np.float64), 1e-5, 1 - 1e-5)
    odds = np.log(clipped / (1 - clipped))
    edges = np.linspace(odds.min(), odds.max(), 50)
    for name, of, colour in (("legitimate", ~label, BLUE), ("fraud", label, ORANGE)):
        weights = np.full(of.sum(), 1 / of.sum())
        axes.hist(odds[of], edges, weights=weights, color=colour, alpha=0.6, label=f"{name}: {of.sum():,}")
    for action, threshold in thresholds.items():
        at = np.log(threshold / (1 - threshold))
        axes.axvline(at, color=GREY, linestyle="--", linewidth=0.9)
        axes.annotate(action, (at, 0.98), xycoords=("data", "axes fraction"), rotation=90, va="top", ha="right", fontsize=8)
    ticks = [s for s in (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999) if edges[0] <= np.log(s / (1 - s)) <= edges[-1]]
    axes.set_xticks([np.log(s / (1 - s)) for s in ticks], [f"{s:g}" for s in ticks], fontsize=8)
    axes.legend(loc="upper right")
    _save(axes, path)
