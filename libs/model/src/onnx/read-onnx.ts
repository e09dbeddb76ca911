import { messageOf, ModelRefused } from '../model-refused.js';
import {
  counted,
  floats,
  ignored,
  integer,
  integers,
  message,
  readMessage,
  text,
  WIRES,
  type Field,
} from './message.js';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnx-model.js';

/** Field numbers are those of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const fields = (declared: Readonly<Record<number, Field>>): ReadonlyMap<number, Field> =>
  new Map(Object.entries(declared).map(([number, field]) => [Number(number), field]));

/**
 * Reads an ONNX file without running anything of it.
 * @throws ModelRefused onnx_malformed
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  try {
    return readModel(bytes);
  } catch (cause) {
    throw new ModelRefused('onnx_malformed', `this is no ONNX model that can be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function readModel(bytes: Uint8Array): OnnxModel {
  let irVersion = 0;
  let graph: OnnxGraph | undefined;
  let functions = 0;
  let trainings = 0;
  const opsets: { domain: string; version: number }[] = [];
  readMessage(
    'the model',
    bytes,
    fields({
      1: integer((value) => (irVersion = value)),
      2: ignored(), // producer_name
      3: ignored(), // producer_version
      4: ignored(), // domain
      5: ignored(WIRES.Varint), // model_version
      6: ignored(), // doc_string
      7: message((part) => (graph = readGraph(part)), true),
      8: message((part) => opsets.push(readOpset(part))),
      14: ignored(), // metadata_props
      20: message(() => trainings++),
      25: message(() => functions++),
      26: ignored(), // configuration
    }),
  );
  if (graph === undefined) throw new Error('it has no graph');
  return { irVersion, opsets, functions, trainings, graph };
}

function readOpset(bytes: Uint8Array): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  const declared = { 1: text((value) => (domain = value)), 2: integer((value) => (version = value)) };
  readMessage('an opset', bytes, fields(declared));
  return { domain, version };
}

function readGraph(bytes: Uint8Array): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  let sparseInitializers = 0;
  readMessage(
    'the graph',
    bytes,
    fields({
      1: message((part) => nodes.push(readNode(part))),
      2: ignored(), // name
      5: message((part) => initializers.push(readTensor(part))),
      10: ignored(), // doc_string
      11: message((part) => inputs.push(readValue(part))),
      12: message((part) => outputs.push(readValue(part))),
      13: ignored(), // value_info
      14: ignored(), // quantization_annotation
      15: message(() => sparseInitializers++),
      16: ignored(), // metadata_props
    }),
  );
  return { nodes, initializers, sparseInitializers, inputs, outputs };
}

function readNode(bytes: Uint8Array): OnnxNode {
  let operator = '';
  let domain = '';
  const inputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  readMessage(
    'a node',
    bytes,
    fields({
      1: text((value) => inputs.push(value), false),
      2: ignored(), // output
      3: ignored(), // name
      4: text((value) => (operator = value)),
      5: message((part) => {
        const [name, attribute] = readAttribute(part);
        if (attributes.has(name)) throw new Error(`a node has attribute ${name} twice`);
        attributes.set(name, attribute);
      }),
      6: ignored(), // doc_string
      7: text((value) => (domain = value)),
      8: ignored(), // overload
      9: ignored(), // metadata_props
      10: ignored(), // device_configurations
    }),
  );
  return { operator, domain: domain === 'ai.onnx' ? '' : domain, inputs, attributes };
}

function readAttribute(bytes: Uint8Array): [string, OnnxAttribute] {
  let name = '';
  let other: OnnxAttribute['other'];
  const ints: number[] = [];
  const singles: number[] = [];
  const strings: string[] = [];
  const tensors: OnnxTensor[] = [];
  const is = (kind: OnnxAttribute['other']): Field => message(() => (other = kind));
  readMessage(
    'an attribute',
    bytes,
    fields({
      1: text((value) => (name = value)),
      2: { once: true, wires: [WIRES.Bit32], take: (reader) => void singles.push(reader.float()) },
      3: integer((value) => ints.push(value)),
      4: text((value) => strings.push(value)),
      5: message((part) => tensors.push(readTensor(part)), true),
      6: is('graph'),
      7: floats(singles),
      8: integers(ints),
      9: text((value) => strings.push(value), false),
      10: message((part) => tensors.push(readTensor(part))),
      11: is('graph'),
      13: ignored(), // doc_string
      14: is('type'),
      15: is('type'),
      20: ignored(WIRES.Varint), // type
      21: is('reference'),
      22: is('sparse'),
      23: is('sparse'),
    }),
  );
  return [name, { ints, floats: singles, strings, tensors, other }];
}

/** Fields of TensorProto that hold values, with how one value is written. */
const VALUE_FIELDS = {
  4: WIRES.Bit32, // float_data
  5: WIRES.Varint, // int32_data
  6: WIRES.LengthDelimited, // string_data
  7: WIRES.Varint, // int64_data
  10: WIRES.Bit64, // double_data
  11: WIRES.Varint, // uint64_data
};

function readTensor(bytes: Uint8Array): OnnxTensor {
  let name = '';
  let type = 0;
  let rawBytes = 0;
  let external = false;
  const dims: number[] = [];
  const entries = new Map<number, number>();
  const values = Object.entries(VALUE_FIELDS).map(([number, wire]) => {
    const count = (): void => void entries.set(Number(number), (entries.get(Number(number)) ?? 0) + 1);
    return [number, counted(wire, count)] as const;
  });
  readMessage(
    'a tensor',
    bytes,
    fields({
      1: integers(dims),
      2: integer((value) => (type = value)),
      3: ignored(), // segment
      8: text((value) => (name = value)),
      9: message((part) => (rawBytes = part.length), true),
      12: ignored(), // doc_string
      13: message(() => (external = true)),
      14: integer((value) => (external ||= value !== 0)), // data_location: not in this file
      16: ignored(), // metadata_props
      ...Object.fromEntries(values),
    }),
  );
  return { name, dims, type, rawBytes, entries, external };
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let type: number | undefined;
  let dims: (number | undefined)[] | undefined;
  const readTensorType = (part: Uint8Array): void => {
    const declared = {
      1: integer((value) => (type = value)),
      2: message((shape) => (dims = readShape(shape)), true),
    };
    readMessage('a tensor type', part, fields(declared));
  };
  const readType = (part: Uint8Array): void => {
    // Sequences, maps and the like (4, 5, 7, 8, 9) are no tensors: type stays undefined.
    const declared = { 1: message(readTensorType, true), 4: ignored(), 5: ignored(), 6: ignored() };
    readMessage('a type', part, fields({ ...declared, 7: ignored(), 8: ignored(), 9: ignored() }));
  };
  readMessage(
    'a value',
    bytes,
    fields({ 1: text((value) => (name = value)), 2: message(readType, true), 3: ignored(), 4: ignored() }),
  );
  return { name, type, dims };
}

function readShape(bytes: Uint8Array): (number | undefined)[] {
  const dims: (number | undefined)[] = [];
  const readDim = (part: Uint8Array): void => {
    let size: number | undefined;
    readMessage(
      'a dimension',
      part,
      fields({ 1: integer((value) => (size = value)), 2: ignored(), 3: ignored() }),
    );
    dims.push(size);
  };
  readMessage('a shape', bytes, fields({ 1: message(readDim) }));
  return dims;
}
