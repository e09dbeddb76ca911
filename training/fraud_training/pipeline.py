"""One training run: matrices in, model and manifest out."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import manifest as m
from .booster import DEFAULT_PARAMETERS, fit, model_json
from .evaluate import evaluate
from .golden import golden_inputs, golden_rows
from .masking import mask_state, with_masked_rows
from .matrix import Matrix
from .onnx_export import to_onnx
from .split import holdout_window, split_by_time
from .thresholds import THRESHOLDS, suggest_thresholds
from .trees import bias as bias_of
from .trees import parse_trees
from .verify import OnnxScorer, verify


@dataclass(frozen=True)
class Result:
    """`model`: bytes of model.onnx · `manifest`: content of manifest.json · `differences`: ONNX to XGBoost."""

    model: bytes
    manifest: dict[str, Any]
    differences: dict[str, float]


def _check_same_vectors(matrix: Matrix, holdout: Matrix) -> None:
    for key in ("features", "catalogue_version"):
        if matrix.about.get(key) != holdout.about.get(key):
            raise ValueError(f"training matrix and holdout differ in {key}: rebuild both with the same catalogue")


def train(matrix: Matrix, holdout: Matrix, options: argparse.Namespace) -> Result:
    """Splits, fits, exports, verifies, evaluates. `options` as of arguments.py. Same input, same bytes."""
    _check_same_vectors(matrix, holdout)
    split = split_by_time(matrix, options.warmup_days, options.early_days, options.test_days)
    later = holdout_window(holdout, int(matrix.occurred_at_ms[-1]) + 1, options.warmup_days)
    parameters = DEFAULT_PARAMETERS | {
        "max_depth": options.max_depth,
        "eta": options.learning_rate,
        "min_child_weight": options.min_child_weight,
        "seed": options.random_seed,
    }
    rows = with_masked_rows(split.train, options.masked_share, options.random_seed)
    booster = fit(rows, split.early, parameters, options.min_trees, options.max_trees)

    trees, base_margin = parse_trees(model_json(booster))
    bias = bias_of(trees, base_margin)
    exported = to_onnx(trees, base_margin, len(matrix.features))
    scorer = OnnxScorer(exported)
    score, _ = scorer.run(later.x)
    golden = golden_inputs(later, score, trees, options.random_seed)
    differences = verify(scorer, booster, bias, np.concatenate([golden, later.x, split.test.x]))

    test_score, _ = scorer.run(split.test.x)
    outage_score, _ = scorer.run(mask_state(later).x)
    outage = evaluate(later, outage_score, THRESHOLDS)
    model = exported.SerializeToString(deterministic=True)
    manifest = {
        "format": m.FORMAT,
        "version": options.version,
        "created_at": options.created_at or m.iso(int(matrix.occurred_at_ms[-1])),
        "catalogue_version": matrix.about["catalogue_version"],
        "features": list(matrix.features),
        "missing": "nan",
        "model": m.model_section(hashlib.sha256(model).hexdigest()),
        "bias": bias,
        "thresholds": THRESHOLDS,
        "suggested_thresholds": suggest_thresholds(split.test.label, test_score),
        "training": {
            "simulator": m.origin(matrix),
            "train": m.span(split.train),
            "early_stopping": m.span(split.early),
            "test": m.span(split.test),
            "warmup_days": options.warmup_days,
            "masked_share": options.masked_share,
            "masked_features": list(matrix.state_features),
            "parameters": parameters | {"min_trees": options.min_trees, "max_trees": options.max_trees},
            "trees": len(trees),
            "libraries": m.libraries(),
        },
        "metrics": {
            "holdout": {"simulator": m.origin(holdout), "seed": holdout.about.get("seed")}
            | m.span(later)
            | evaluate(later, score, THRESHOLDS),
            "holdout_store_down": {key: outage[key] for key in ("average_precision", "auc", "brier", "thresholds")},
            "in_time_test": evaluate(split.test, test_score, THRESHOLDS),
        },
        "golden": golden_rows(scorer, golden),
    }
    return Result(model, manifest, differences)
