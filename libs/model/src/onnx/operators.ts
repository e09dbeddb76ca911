/** Operators that a model may use, by domain: those of our own export, and what plain trees, linear models and small networks need. */
export const OPERATORS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    '',
    // None that reads a file, runs a graph, or makes a tensor of a size that is computed (Expand, Tile, Range, ConstantOfShape, …).
    new Set(
      `Abs Add And BatchNormalization Cast Clip Constant Div Elu Equal Erf Exp Flatten Gather Gemm Greater GreaterOrEqual
      Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log MatMul Max Min Mul Neg Not Or Pow ReduceMean ReduceSum Relu Reshape
      Selu Sigmoid Sign Slice Softmax Softplus Sqrt Squeeze Sub Tanh Transpose Unsqueeze Where`.split(/\s+/),
    ),
  ],
  [
    'ai.onnx.ml',
    new Set(
      'ArrayFeatureExtractor Imputer LinearClassifier LinearRegressor Normalizer Scaler TreeEnsembleClassifier TreeEnsembleRegressor'.split(
        ' ',
      ),
    ),
  ],
]);

/** Versions of ONNX that were tried with the runtime of this release. Ours are IR 8, opset 15 and ai.onnx.ml 3. */
export const ONNX_VERSIONS = {
  ir: [4, 10],
  opset: { '': [11, 21], 'ai.onnx.ml': [1, 3] },
} as const;

/** More than any export of a tabular model has; a chain of these could double a tensor each time. */
export const MOST_NODES = 256;
