import { ModelRefused } from '../model-refused.js';
import type { OnnxGraph, OnnxValue } from './onnx-model.js';

/** Names of input and outputs, and how many features there are. */
export interface Signature {
  readonly input: string;
  readonly outputs: { readonly score: string; readonly contributions: string };
  readonly features: number;
}

const FLOAT32 = 1;

/**
 * One float32 input [N, F]; outputs score [N] or [N, 1] and contributions [N, F], both float32; N is free.
 * @throws ModelRefused onnx_signature
 */
export function checkSignature(graph: OnnxGraph, { input, outputs, features }: Signature): void {
  const [only, ...others] = graph.inputs;
  if (only === undefined || others.length > 0 || only.name !== input) {
    const found = graph.inputs.map(({ name }) => name).join(', ') || 'none';
    refuse(`its inputs are ${found}; there must be one, ${input}`);
  }
  check(only, [[undefined, features]]);
  check(named(graph, outputs.score), [[undefined], [undefined, 1]]);
  check(named(graph, outputs.contributions), [[undefined, features]]);
}

function named(graph: OnnxGraph, name: string): OnnxValue {
  const found = graph.outputs.find((output) => output.name === name);
  if (found !== undefined) return found;
  refuse(`it has no output ${name}, but ${graph.outputs.map((output) => output.name).join(', ') || 'none'}`);
}

function check({ name, type, dims }: OnnxValue, shapes: readonly (readonly (number | undefined)[])[]): void {
  if (type !== FLOAT32)
    refuse(`${name} is ${type === undefined ? 'no tensor' : `of type ${type}`}, not float32`);
  const fits = shapes.some(
    (shape) => shape.length === dims?.length && shape.every((size, i) => size === dims[i]),
  );
  if (!fits) refuse(`${name} has shape ${show(dims)}; it must be ${shapes.map(show).join(' or ')}`);
}

const show = (dims: readonly (number | undefined)[] | undefined): string =>
  dims === undefined ? 'that is not given' : `[${dims.map((size) => size ?? 'N').join(', ')}]`;

function refuse(why: string): never {
  throw new ModelRefused('onnx_signature', `the model does not fit its manifest: ${why}`);
}
