import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile, stabilityIndex } from './distribution.js';

describe('quantile', () => {
  it('interpolates as numpy does', () => {
    // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1])
    expect([0, 0.1, 0.5, 0.9, 1].map((q) => quantile([1, 2, 4, 8], q))).toEqual([1, 1.3, 3, 6.800000000000001, 8]);
  });
});

describe('stabilityIndex', () => {
  const tens = Array.from({ length: 100 }, (_, i) => i);

  it('is zero for the same values in any order', () => {
    expect(stabilityIndex(tens, tens.toReversed())).toBe(0);
  });

  it('gives a value worked out by hand', () => {
    // Ten bins of ten; the sample has none in the first (half a row of 100) and twenty in the last.
    const moved = tens.map((value) => (value < 10 ? 99 : value));
    const first = (0.005 - 0.1) * Math.log(0.005 / 0.1);
    const last = (0.2 - 0.1) * Math.log(0.2 / 0.1);
    expect(stabilityIndex(tens, moved)).toBeCloseTo(first + last, 12);
  });

  it('merges ties: where all is one value, there is one bin', () => {
    expect(stabilityIndex([0, 0, 0, 0], [0, 0, 1, 2])).toBe(0);
  });

  it('is never negative', () => {
    const sample = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 });
    fc.assert(fc.property(sample, sample, (a, b) => stabilityIndex(a, b) >= -1e-12));
  });
});
