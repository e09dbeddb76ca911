"""The exported graph must say what XGBoost says, or there is no model."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import xgboost as xgb

from .booster import margin
from .calibrate import Platt
from .onnx_export import CONTRIBUTIONS, INPUT, SCORE

# Both sides sum float32 over the trees. `sum` gathers the rounding of all features: only an oversight in the export, not
# rounding, comes near its limit.
LIMITS = {"score": 1e-5, "contributions": 1e-5, "sum": 1e-4}


class OnnxScorer:
    """ONNX Runtime as the product runs it: one thread, so that all trees are summed in their order."""

    def __init__(self, model: onnx.ModelProto) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def run(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """float32 [N, F] → score float32 [N], contributions float32 [N, F] in log-odds."""
        score, contributions = self._session.run([SCORE, CONTRIBUTIONS], {INPUT: x})
        return score, contributions


def largest_differences(
    scorer: OnnxScorer, booster: xgb.Booster, platt: Platt, bias: float, expected: np.ndarray, x: np.ndarray
) -> dict[str, float]:
    """
    Largest absolute differences over the rows: of score (probability) to XGBoost's, calibrated behind it, of contributions
    (log-odds) to the expected ones (float64 [N, F]), and of bias + contributions to the calibrated margin.
    """
    score, contributions = scorer.run(x)
    before = margin(booster, x)
    calibrated = platt.slope * before.astype(np.float64) + platt.intercept
    return {
        "score": float(np.abs(score - platt.apply(before)).max()),
        "contributions": float(np.abs(contributions - expected).max()),
        "sum": float(np.abs(bias + contributions.sum(axis=1, dtype=np.float64) - calibrated).max()),
    }


def verify(
    scorer: OnnxScorer, booster: xgb.Booster, platt: Platt, bias: float, expected: np.ndarray, x: np.ndarray
) -> dict[str, float]:
    """Raises where ONNX and XGBoost differ by more than the limits; returns the largest differences."""
    differences = largest_differences(scorer, booster, platt, bias, expected, x)
    wrong = {name: value for name, value in differences.items() if not value <= LIMITS[name]}
    if wrong:
        raise AssertionError(f"the exported model differs from XGBoost by {wrong}, allowed are {LIMITS}")
    return differences
