/** What of an ONNX file decides whether it may run. Large arrays stay what they are: counted, or typed. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  /** Functions that the model brings itself. */
  readonly functions: number;
  /** Graphs that a training would run. */
  readonly trainings: number;
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly sparseInitializers: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly operator: string;
  /** '' for the operators of ONNX itself. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxAttribute {
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly strings: readonly string[];
  readonly tensors: readonly OnnxTensor[];
  /** A graph, a sparse tensor, a type, or the argument of a function. */
  readonly other: 'graph' | 'sparse' | 'type' | 'reference' | undefined;
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType */
  readonly type: number;
  /** Bytes of `raw_data`, where it is used. */
  readonly rawBytes: number;
  /** Entries by the field that they stand in. */
  readonly entries: ReadonlyMap<number, number>;
  readonly external: boolean;
}

export interface OnnxValue {
  readonly name: string;
  /** TensorProto.DataType; undefined where the value is no tensor. */
  readonly type: number | undefined;
  /** A size, or undefined where it is free; the whole undefined where the shape is not given. */
  readonly dims: readonly (number | undefined)[] | undefined;
}
