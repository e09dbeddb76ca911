"""Where the model is good and where it is not: the holdout by what a row is like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from .matrix import Matrix

# Fewer frauds say nothing about a ranking.
MINIMUM_FRAUDS = 20

AMOUNT_BANDS = ((0, 20), (20, 100), (100, 500), (500, np.inf))


def _flag(rows: Matrix, feature: str, one: str, zero: str, missing: str) -> Iterator[tuple[str, np.ndarray]]:
    if feature in rows.features:
        value = rows.x[:, rows.features.index(feature)]
        yield one, value == 1
        yield zero, value == 0
        yield missing, np.isnan(value)


def _bands(rows: Matrix) -> Iterator[tuple[str, np.ndarray]]:
    if "amount" in rows.features:
        amount = rows.x[:, rows.features.index("amount")]
        for low, high in AMOUNT_BANDS:
            name = f"{low} and more" if high == np.inf else f"{low} to {high}"
            yield name, (amount >= low) & (amount < high)


def _channels(rows: Matrix) -> Iterator[tuple[str, np.ndarray]]:
    for channel in sorted({c for c in rows.channel if c is not None}):
        yield channel, rows.channel == channel
    yield "not given", np.array([c is None for c in rows.channel])


def _card_age(rows: Matrix) -> Iterator[tuple[str, np.ndarray]]:
    name = "card_seconds_since_last"
    if name in rows.features:
        new = np.isnan(rows.x[:, rows.features.index(name)])
        yield "seen before", ~new
        yield "first transaction", new


def slices(rows: Matrix, score: np.ndarray, thresholds: dict[str, float]) -> dict[str, dict[str, Any]]:
    """
    {kind: {slice: {rows, frauds, fraud_rate, mean_score, average_precision, recall}}}; the average precision is None with
    fewer than 20 frauds or no legitimate row, the recalls without a fraud. Slices without rows are left out.
    """
    kinds = {
        "channel": _channels(rows),
        "amount": _bands(rows),
        "card": _card_age(rows),
        "country": _flag(rows, "card_new_country", "new to the card", "known", "nothing to compare with"),
        "device": _flag(rows, "card_new_device", "new to the card", "known", "nothing to compare with"),
        "merchant": _flag(rows, "card_first_at_merchant", "new to the card", "known", "nothing to compare with"),
        "time": _flag(rows, "is_night", "night", "day", "unknown"),
    }
    found: dict[str, dict[str, Any]] = {}
    for kind, parts in kinds.items():
        measured = {name: _measure(rows.label[of], score[of], thresholds) for name, of in parts if of.any()}
        if measured:
            found[kind] = measured
    return found


def _measure(label: np.ndarray, score: np.ndarray, thresholds: dict[str, float]) -> dict[str, Any]:
    frauds = int(label.sum())
    enough = MINIMUM_FRAUDS <= frauds < len(label)
    return {
        "rows": len(label),
        "frauds": frauds,
        "fraud_rate": round(float(label.mean()), 6),
        "mean_score": round(float(score.mean(dtype=np.float64)), 6),
        "average_precision": round(float(average_precision_score(label, score)), 6) if enough else None,
        "recall": {a: round(float((score[label] >= t).mean()), 6) if frauds else None for a, t in thresholds.items()},
    }
