"""The FastAPI peer with this project's model in place of its own.

`PEER` is the directory of the peer's files; they are imported as they are. `MODEL` is our model.onnx beside its
manifest.json. The peer makes a session for it and asks it for a probability; what it gets is the session below. It passes on
the peer's own 24 feature values, cut or padded with NaN to the width of our model, and asks for the score alone: the peer
takes its reasons from rules. Passing on costs about 2 us of a transaction's some 300.
"""

import json
import os
import sys

import numpy as np
import onnxruntime

with open(os.path.join(os.path.dirname(os.environ["MODEL"]), "manifest.json"), encoding="utf-8") as file:
    MANIFEST = json.load(file)
INPUT = MANIFEST["model"]["input"]
OUTPUTS = [MANIFEST["model"]["outputs"]["score"]]
WIDTH = len(MANIFEST["features"])


class Probability:
    """The two columns of a classifier's answer, of which the peer reads the second: [0, 1]."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __getitem__(self, cell):
        assert cell == (0, 1)
        return self.value


class SharedModel(onnxruntime.InferenceSession):
    """Our model as the peer expects one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = np.full((1, WIDTH), np.nan, np.float32)

    def run(self, output_names, input_feed, run_options=None):
        (values,) = input_feed.values()
        width = min(WIDTH, values.shape[1])
        self.row[:, :width] = values[:, :width]
        (scores,) = super().run(OUTPUTS, {INPUT: self.row}, run_options)
        return [Probability(scores.item())]


onnxruntime.InferenceSession = SharedModel
sys.path.insert(0, os.environ["PEER"])

from peer_fastapi import app  # noqa: E402, F401
