"""Command line of train.py."""

from __future__ import annotations

import argparse
from pathlib import Path

from .booster import DEFAULT_PARAMETERS

# The longest windows are those of fraud shares: 30 days that end 7 days ago, in day slots that reach one further.
WARMUP_DAYS = 38


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Every choice of a training run; the defaults are those of the shipped model."""
    parser = argparse.ArgumentParser(
        prog="train.py",
        description="Trains the fraud model on a feature matrix and exports it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--train", type=Path, required=True, help="directory of the training matrix")
    add("--holdout", type=Path, help="directory of a holdout matrix: another seed, later weeks; else the test days are it")
    add("--out", type=Path, default=Path("models"), help="where model.onnx and manifest.json go")
    add("--card", type=Path, help="where the model card goes, its pictures beside it; else model.md in --out")
    add("--version", default="1.1.0", help="version in the manifest")
    add("--created-at", help="RFC 3339 time in the manifest; else the last event of the training matrix")
    add("--warmup-days", type=float, default=WARMUP_DAYS, help="first days left out, while histories fill")
    add("--early-days", type=float, default=7, help="days that decide when to stop boosting")
    add("--calibration-days", type=float, default=14, help="days after these, to calibrate on")
    add("--test-days", type=float, default=7, help="last days, for suggested thresholds and the in-time test")
    add("--masked-share", type=float, default=0.03, help="share of rows repeated without state features")
    add("--blank-share", type=float, default=0.01, help="share of rows repeated with nothing known at all")
    add("--min-trees", type=int, default=80, help="fewer would leave scores above the fraud rate, see booster.py")
    add("--max-trees", type=int, default=120)
    add("--max-depth", type=int, default=DEFAULT_PARAMETERS["max_depth"])
    add("--learning-rate", type=float, default=DEFAULT_PARAMETERS["eta"])
    add("--min-child-weight", type=float, default=DEFAULT_PARAMETERS["min_child_weight"])
    add("--random-seed", type=int, default=DEFAULT_PARAMETERS["seed"], help="of the training, not of the traffic")
    options = parser.parse_args(argv)
    if not 1 <= options.min_trees <= options.max_trees:
        parser.error("--min-trees must be between 1 and --max-trees")
    return options
