"""Gradient-boosted trees with XGBoost."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xgboost as xgb
from sklearn.metrics import average_precision_score

from .matrix import Matrix

DEFAULT_PARAMETERS: dict[str, Any] = {
    # Log loss without class weights: weights would lift every score away from the fraud rate it should mean.
    "objective": "binary:logistic",
    # XGBoost 3 would estimate this from the labels, which costs precision where fraud is rare and trees are few.
    "base_score": 0.5,
    "tree_method": "hist",
    # As good as exact splits here; the default of 256 bins is too coarse for amounts.
    "max_bin": 4096,
    "max_depth": 3,
    "eta": 0.2,
    "min_child_weight": 1.0,
    "lambda": 1.0,
    "seed": 7,
    "nthread": 2,
}


def dmatrix(matrix: Matrix) -> xgb.DMatrix:
    """float32 rows for XGBoost; NaN is missing."""
    return xgb.DMatrix(matrix.x, label=matrix.label.astype(np.float32), missing=np.nan, nthread=2)


def _average_precision(predicted: np.ndarray, rows: xgb.DMatrix) -> tuple[str, float]:
    return "average_precision", float(average_precision_score(rows.get_label(), predicted))


def fit(train: Matrix, early: Matrix, parameters: dict[str, Any], min_trees: int, max_trees: int) -> xgb.Booster:
    """
    Boosts `max_trees` trees and cuts back to the count, `min_trees` at least, with the best average precision on the
    later slice `early`.

    The minimum keeps scores calibrated: ranking can be best after a few dozen trees, when the base of 0.5 has not yet
    come down to the fraud rate (a tree moves it by little more than the learning rate, 0.2 log-odds).
    """
    seen: dict[str, dict[str, list[float]]] = {}
    booster = xgb.train(
        # The built-in metric would be computed beside ours and decide nothing.
        {**parameters, "disable_default_eval_metric": True},
        dmatrix(train),
        num_boost_round=max_trees,
        evals=[(dmatrix(early), "early")],
        custom_metric=_average_precision,
        evals_result=seen,
        verbose_eval=False,
    )
    precision = np.array(seen["early"]["average_precision"])
    best = min_trees + int(np.argmax(precision[min_trees - 1 :]))
    return booster[:best]


def predict(booster: xgb.Booster, x: np.ndarray) -> np.ndarray:
    """Fraud probability, float32 [N]."""
    return booster.predict(xgb.DMatrix(x, missing=np.nan, nthread=2))


def margin(booster: xgb.Booster, x: np.ndarray) -> np.ndarray:
    """Log-odds as the trees give them, before calibration, float32 [N]."""
    return booster.predict(xgb.DMatrix(x, missing=np.nan, nthread=2), output_margin=True)


def exact_contributions(booster: xgb.Booster, x: np.ndarray) -> np.ndarray:
    """TreeSHAP values in log-odds with the bias last, float32 [N, F + 1]."""
    return booster.predict(xgb.DMatrix(x, missing=np.nan, nthread=2), pred_contribs=True)


def model_json(booster: xgb.Booster) -> dict[str, Any]:
    """XGBoost's own JSON form of the model."""
    return json.loads(booster.save_raw("json"))
