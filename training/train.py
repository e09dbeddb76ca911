"""Trains the fraud model: `python training/train.py --train DIR --holdout DIR --out DIR`, see README.md."""

from __future__ import annotations

import sys
from pathlib import Path

from fraud_training.arguments import parse_arguments
from fraud_training.card import write_card
from fraud_training.manifest import to_json
from fraud_training.matrix import load_matrix
from fraud_training.pipeline import Result, train
from fraud_training.report import report


def write(result: Result, directory: Path) -> None:
    """Writes both files, the manifest last: without it the product sees no model."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.onnx").write_bytes(result.model)
    (directory / "manifest.json").write_text(to_json(result.manifest) + "\n")


def main() -> None:
    options = parse_arguments()
    try:
        holdout = None if options.holdout is None else load_matrix(options.holdout)
        result = train(load_matrix(options.train), holdout, options)
    except (ValueError, FileNotFoundError, AssertionError) as error:
        sys.exit(f"training failed: {error}")
    card = options.card or options.out / "model.md"
    write(result, options.out)
    write_card(result, card)
    print(report(result))
    print(f"\nwritten: {options.out / 'model.onnx'} ({len(result.model) / 1024:.0f} KiB), {options.out / 'manifest.json'}, {card}")


if __name__ == "__main__":
    main()
