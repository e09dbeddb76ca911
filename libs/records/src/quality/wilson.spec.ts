import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilson } from './wilson.js';

describe('wilson', () => {
  // Newcombe 1998, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is from %d to %d', (hits, trials, low, high) => {
    const found = wilson(hits, trials);
    expect(found[0]).toBeCloseTo(low, 4);
    expect(found[1]).toBeCloseTo(high, 4);
  });

  it('holds the share, stays within 0 and 1, and is the same seen from the other side', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (hits, others) => {
        fc.pre(hits + others > 0);
        const trials = hits + others;
        const [low, high] = wilson(hits, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(hits / trials);
        expect(high).toBeGreaterThanOrEqual(hits / trials);
        expect(high).toBeLessThanOrEqual(1);
        expect(1 - wilson(others, trials)[1]).toBeCloseTo(low, 12);
      }),
    );
  });
});
