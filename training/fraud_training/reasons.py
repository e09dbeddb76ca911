"""How well the contributions that come with a score agree with exact TreeSHAP."""

from __future__ import annotations

from typing import Any

import numpy as np
import xgboost as xgb

from .booster import exact_contributions

ABOVE = 0.5


def reason_agreement(booster: xgb.Booster, x: np.ndarray, score: np.ndarray, contributions: np.ndarray) -> dict[str, Any]:
    """
    Over the rows (float32 [N, F]) with a score above 0.5: the share whose first reason, the feature with the highest
    contribution, is that of TreeSHAP, and the share whose first reason is among TreeSHAP's first three.
    """
    high = score > ABOVE
    if not high.any():
        return {"score_above": ABOVE, "rows": 0, "first_reason": None, "first_among_three": None}
    first = contributions[high].argmax(axis=1)
    exact = exact_contributions(booster, x[high])[:, :-1]
    ranked = np.argsort(-exact, axis=1, kind="stable")[:, :3]
    return {
        "score_above": ABOVE,
        "rows": int(high.sum()),
        "first_reason": round(float((first == ranked[:, 0]).mean()), 6),
        "first_among_three": round(float((first[:, None] == ranked).any(axis=1).mean()), 6),
    }
