import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.js';

const durations = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 0.05, noNaN: true }),
    fc.double({ min: 0, max: 50, noNaN: true }),
    fc.double({ min: 0, max: 200_000, noNaN: true }),
  ),
  { minLength: 1, maxLength: 300 },
);
const share = fc.constantFrom(0, 0.1, 0.5, 0.9, 0.99, 0.999, 1);

describe('Histogram', () => {
  it('gives every percentile within 0.5 % or 0.1 µs of the sorted values', () => {
    fc.assert(
      fc.property(durations, share, (values, p) => {
        const histogram = new Histogram();
        for (const value of values) histogram.record(value);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1]!;
        expect(Math.abs(histogram.percentile(p) - exact)).toBeLessThanOrEqual(0.005 * exact + 0.0001);
      }),
    );
  });

  it('knows the count and the exact maximum', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const histogram = new Histogram();
        for (const value of values) histogram.record(value);
        expect(histogram.count).toBe(values.length);
        expect(histogram.max).toBe(Math.max(...values));
      }),
    );
  });

  it('counts a negative duration as zero and has no percentile when empty', () => {
    const histogram = new Histogram();
    expect(histogram.percentile(0.5)).toBeNaN();
    histogram.record(-3);
    expect(histogram.percentile(0.5)).toBe(0);
  });
});
