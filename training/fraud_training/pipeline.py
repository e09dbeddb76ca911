"""One training run: matrices in, model and manifest out."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import manifest as m
from .booster import DEFAULT_PARAMETERS, fit, margin, model_json, predict
from .bootstrap import Ranking, day_weights, interval
from .calibrate import fit_platt, fold
from .contributions import leaf_contributions, reference_rows, summed
from .drift import category_reference, drift_reference
from .evaluate import calibration, evaluate
from .golden import golden_inputs, golden_rows
from .masking import mask_state, with_masked_rows
from .matrix import DAY_MS, Matrix, label_delay_days
from .onnx_export import to_onnx
from .reasons import reason_agreement
from .slices import slices
from .split import Days, holdout_window, split_by_time
from .thresholds import THRESHOLDS, suggest_thresholds
from .trees import bias as bias_of
from .trees import parse_trees
from .verify import OnnxScorer, verify


@dataclass(frozen=True)
class Judged:
    """The holdout's rows with log-odds before calibration and scores of the finished model, for the pictures of the card."""

    rows: Matrix
    margin: np.ndarray
    score: np.ndarray


@dataclass(frozen=True)
class Result:
    """
    `model`: bytes of model.onnx · `manifest`: content of manifest.json · `differences`: ONNX to XGBoost · `slices`: as of
    slices.py, on the holdout · `gain`: what each feature's splits won in the training loss, in shares of the whole
    """

    model: bytes
    manifest: dict[str, Any]
    differences: dict[str, float]
    judged: Judged
    slices: dict[str, Any]
    gain: dict[str, float]


def _check_same_vectors(matrix: Matrix, holdout: Matrix) -> None:
    for key in ("features", "catalogue_version"):
        if matrix.about.get(key) != holdout.about.get(key):
            raise ValueError(f"training matrix and holdout differ in {key}: rebuild both with the same catalogue")


def train(matrix: Matrix, holdout: Matrix | None, options: argparse.Namespace) -> Result:
    """
    Splits, fits, calibrates, exports, verifies, evaluates. `options` as of arguments.py. Same input, same bytes. Without a
    holdout the test slice is what counts.
    """
    delay = label_delay_days(matrix)
    split = split_by_time(
        matrix, Days(options.warmup_days, options.early_days, options.calibration_days, options.test_days, delay)
    )
    if holdout is None:
        later = split.test
    else:
        _check_same_vectors(matrix, holdout)
        end = int(matrix.occurred_at_ms[-1]) + 1
        later = holdout_window(holdout, end, options.warmup_days, label_delay_days(holdout))
    parameters = DEFAULT_PARAMETERS | {
        "max_depth": options.max_depth,
        "eta": options.learning_rate,
        "min_child_weight": options.min_child_weight,
        "seed": options.random_seed,
    }
    rows = with_masked_rows(split.train, options.masked_share, options.blank_share, options.random_seed)
    booster = fit(rows, split.early, parameters, options.min_trees, options.max_trees)
    platt = fit_platt(margin(booster, split.calibration.x), split.calibration.label)

    raw, raw_margin = parse_trees(model_json(booster))
    reference = split.train.x[reference_rows(predict(booster, split.train.x))]
    raw_leaves = leaf_contributions(booster, raw, reference)
    trees, leaves, base_margin = fold(platt, raw, raw_leaves, raw_margin)
    bias = bias_of(trees, base_margin)
    exported = to_onnx(trees, leaves, base_margin, len(matrix.features))
    scorer = OnnxScorer(exported)
    score, contributions = scorer.run(later.x)
    golden = golden_inputs(later, score, trees, options.random_seed)
    checked = np.concatenate([golden, later.x, split.test.x])
    differences = verify(scorer, booster, platt, bias, summed(booster, trees, leaves, checked), checked)

    test_score, _ = scorer.run(split.test.x)
    outage_score, _ = scorer.run(mask_state(later).x)
    outage = evaluate(later, outage_score, THRESHOLDS)
    train_score, _ = scorer.run(split.train.x)
    before = margin(booster, later.x)
    ranking = Ranking(later.label, score)
    draws = [ranking.average_precision(w) for w in day_weights(later.occurred_at_ms // DAY_MS, options.random_seed)]
    model = exported.SerializeToString(deterministic=True)
    train_span = m.span(split.train)
    manifest = {
        "format": m.FORMAT,
        "version": options.version,
        "created_at": options.created_at or m.iso(int(matrix.occurred_at_ms[-1])),
        "catalogue_version": matrix.about["catalogue_version"],
        "features": list(matrix.features),
        "missing": "nan",
        "model": m.model_section(hashlib.sha256(model).hexdigest()),
        "bias": bias,
        "calibration": {
            "method": "platt",
            "slope": platt.slope,
            "intercept": platt.intercept,
            "fitted_on": m.span(split.calibration),
        },
        "suggested_thresholds": suggest_thresholds(split.test.label, test_score),
        "training": {
            "window": {key: train_span[key] for key in ("from", "to")},
            "data": m.origin(matrix),
            "train": train_span,
            "early_stopping": m.span(split.early),
            "calibration": m.span(split.calibration),
            "test": m.span(split.test),
            "warmup_days": options.warmup_days,
            "label_delay_days": delay,
            "masked_share": options.masked_share,
            "blank_share": options.blank_share,
            "masked_features": list(matrix.state_features),
            "parameters": parameters | {"min_trees": options.min_trees, "max_trees": options.max_trees},
            "trees": len(trees),
            "libraries": m.libraries(),
        },
        "metrics": {
            "holdout": {"data": m.origin(holdout or matrix)}
            | m.span(later)
            | evaluate(later, score, THRESHOLDS)
            | {
                "average_precision_95": interval(draws),
                "uncalibrated": calibration(later.label, before),
                "calibrated": calibration(later.label, platt.slope * before + platt.intercept),
            },
            "holdout_store_down": {key: outage[key] for key in ("average_precision", "auc", "brier", "thresholds")},
            "in_time_test": evaluate(split.test, test_score, THRESHOLDS),
            "reasons": reason_agreement(booster, later.x, score, contributions),
        },
        "golden": golden_rows(scorer, golden),
        "drift_reference": {key: train_span[key] for key in ("rows", "from", "to")}
        | drift_reference(split.train.x, train_score, matrix.features, matrix.drift_features)
        | {"categories": category_reference(split.train.categories)},
    }
    gain = booster.get_score(importance_type="total_gain")
    shares = {matrix.features[int(name[1:])]: value / sum(gain.values()) for name, value in gain.items()}
    return Result(model, manifest, differences, Judged(later, before, score), slices(later, score, THRESHOLDS), shares)
