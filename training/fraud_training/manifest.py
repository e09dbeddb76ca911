"""manifest.json: what the product checks before it lets a model decide, and where the model came from."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from importlib.metadata import version
from typing import Any

import numpy as np

from .matrix import Matrix
from .onnx_export import CONTRIBUTIONS, INPUT, ML_OPSET, OPSET, SCORE

FORMAT = 2
LIBRARIES = ("xgboost", "scikit-learn", "numpy", "onnx", "onnxruntime", "pyarrow")


def iso(epoch_ms: int) -> str:
    """Epoch milliseconds as RFC 3339 in UTC."""
    instant = datetime.fromtimestamp(epoch_ms / 1000, timezone.utc)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def model_section(sha256: str) -> dict[str, Any]:
    """The file, its hash, its tensors' names and the operator sets that it needs."""
    return {
        "file": "model.onnx",
        "sha256": sha256,
        "input": INPUT,
        "outputs": {"score": SCORE, "contributions": CONTRIBUTIONS},
        "opset": {"ai.onnx": OPSET, "ai.onnx.ml": ML_OPSET},
    }


def origin(matrix: Matrix) -> dict[str, Any]:
    """Where the traffic comes from, as matrix.json says it."""
    keys = ("source", "files", "seed", "days", "cards", "start", "label_delay_ms")
    return {key: matrix.about[key] for key in keys if key in matrix.about}


def span(rows: Matrix) -> dict[str, Any]:
    """Size and first and last event time of some rows."""
    return {
        "rows": len(rows),
        "frauds": int(rows.label.sum()),
        "from": iso(int(rows.occurred_at_ms[0])),
        "to": iso(int(rows.occurred_at_ms[-1])),
    }


def libraries() -> dict[str, str]:
    """Versions that decide the bits of a model."""
    return {"python": ".".join(map(str, sys.version_info[:2]))} | {name: version(name) for name in LIBRARIES}


def to_json(value: Any, indent: int = 0) -> str:
    """JSON with one line a list of plain values: golden rows stay readable and diffs small."""
    pad, inner = "  " * indent, "  " * (indent + 1)
    if isinstance(value, dict) and value:
        lines = [f"{inner}{json.dumps(key)}: {to_json(item, indent + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{pad}}}"
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        return "[\n" + ",\n".join(inner + to_json(item, indent + 1) for item in value) + f"\n{pad}]"
    if isinstance(value, np.generic):
        value = value.item()
    return json.dumps(value, allow_nan=False)
