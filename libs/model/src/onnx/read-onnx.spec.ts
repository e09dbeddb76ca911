import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelRefused } from '../model-refused.js';
import { readOnnx } from './read-onnx.js';

const reasonOf = (bytes: Uint8Array): string => {
  try {
    readOnnx(bytes);
    return 'it was read';
  } catch (error) {
    return error instanceof ModelRefused ? error.reason : String(error);
  }
};

/** A field of a message: length-delimited, so short that its length is one byte. */
const field = (number: number, ...content: readonly number[]): number[] => [
  number * 8 + 2,
  content.length,
  ...content,
];
const ascii = (text: string): number[] => [...Buffer.from(text)];
const model = (...graph: readonly number[]): Uint8Array => Uint8Array.from([8, 8, ...field(7, ...graph)]);

describe('readOnnx', () => {
  it('refuses any bytes that are no model, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['onnx_malformed', 'it was read']).toContain(reasonOf(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads integers that are packed and that are not alike, large and negative ones too', () => {
    const negative = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    const wide = [0x80, 0x80, 0x80, 0x80, 0x80, 0x01];
    const node = (...ints: number[]): Uint8Array =>
      model(...field(1, ...field(5, ...field(1, ...ascii('a')), ...ints)));
    const packed = readOnnx(node(...field(8, 7, ...negative, ...wide)));
    const single = readOnnx(node(64, 7, 64, ...negative, 64, ...wide));
    for (const { graph } of [packed, single])
      expect(graph.nodes[0]?.attributes.get('a')?.ints).toEqual([7, -1, 2 ** 35]);
  });

  it('sees what points out of the file, in a constant or in an attribute', () => {
    const external = [...field(8, ...ascii('x')), 14 * 8, 1];
    const { graph } = readOnnx(
      model(...field(5, ...external), ...field(1, ...field(5, ...field(1, 97), ...field(5, ...external)))),
    );
    expect(graph.initializers[0]?.external).toBe(true);
    expect(graph.nodes[0]?.attributes.get('a')?.tensors[0]?.external).toBe(true);
  });

  it.each([
    ['a field that is not known', Uint8Array.from([8, 8, ...field(7), 31 * 8, 1].map((byte) => byte & 255))],
    ['a known field of another wire type', Uint8Array.from([...field(1, 8), ...field(7)])],
    ['a second graph', Uint8Array.from([8, 8, ...field(7), ...field(7)])],
    ['a message that is cut', model(...field(2, ...ascii('graph'))).subarray(0, 6)],
    ['a packed field that is longer than its message', model(...field(5, 10, 100, 1))],
    ['no graph', Uint8Array.from([8, 8])],
  ])('refuses %s', (_, bytes) => {
    expect(reasonOf(bytes)).toBe('onnx_malformed');
  });
});
