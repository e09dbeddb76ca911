"""Training of the fraud model: a feature matrix in, `model.onnx` and `manifest.json` out."""
