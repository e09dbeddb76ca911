import { ModelRefused } from '../model-refused.js';
import type { OnnxTensor } from './onnx-model.js';

/** TensorProto.DataType → bytes of an element in raw_data, and the field for values that are written one by one. */
const TYPES: ReadonlyMap<number, { readonly bytes: number; readonly field: number }> = new Map([
  [1, { bytes: 4, field: 4 }], // float
  [6, { bytes: 4, field: 5 }], // int32
  [7, { bytes: 8, field: 7 }], // int64
  [9, { bytes: 1, field: 5 }], // bool
  [11, { bytes: 8, field: 10 }], // double
]);

/**
 * A constant holds as many values as its shape says, so that nobody allocates what only a number claims.
 * @throws ModelRefused onnx_external_data, onnx_tensor
 */
export function checkTensor({ name, dims, type, rawBytes, entries, external }: OnnxTensor): void {
  if (external)
    throw new ModelRefused(
      'onnx_external_data',
      `the constant ${name} is in another file, which is not read`,
    );
  const layout = TYPES.get(type);
  if (layout === undefined)
    throw new ModelRefused('onnx_tensor', `the constant ${name} is of type ${type}, which is not supported`);
  const claimed = dims.reduce((product, size) => product * (size < 0 ? NaN : size), 1);
  const written = entries.get(layout.field) ?? 0;
  const elsewhere = [...entries.keys()].some((field) => field !== layout.field);
  const held = rawBytes > 0 ? rawBytes / layout.bytes : written;
  if (claimed === held && !elsewhere && !(rawBytes > 0 && written > 0)) return;
  throw new ModelRefused(
    'onnx_tensor',
    `the constant ${name} has shape [${dims.join(', ')}], but holds ${held} values`,
  );
}
