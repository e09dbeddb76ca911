import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Latency } from './latency.js';

describe('Latency', () => {
  it('gives the nearest-rank percentile to three digits', () => {
    const values = fc.array(fc.double({ min: 0.01, max: 20_000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(values, fc.constantFrom(1, 50, 90, 99, 99.9, 100), (list, percent) => {
        const latency = new Latency();
        for (const value of list) latency.record(value);
        const sorted = list.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil((percent / 100) * list.length) - 1)]!;
        expect(Math.abs(latency.percentile(percent) - exact)).toBeLessThanOrEqual(exact * 0.002 + 0.001);
      }),
    );
  });

  it('has no percentile before the first and after a reset', () => {
    const latency = new Latency();
    expect(latency.percentile(50)).toBeNaN();
    latency.record(5);
    latency.reset();
    expect(latency.max()).toBeNaN();
  });
});
