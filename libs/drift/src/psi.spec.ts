import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LEAST_SHARE, psi } from './psi.js';

const shares = (counts: readonly number[]): number[] => {
  const sum = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => count / sum);
};
const twoSamples = fc
  .integer({ min: 2, max: 12 })
  .chain((bins) =>
    fc.tuple(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: bins, maxLength: bins }),
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: bins, maxLength: bins }),
    ),
  );

it('is the sum that the literature gives', () => {
  // (0.6 − 0.5) ln(0.6 ÷ 0.5) + (0.4 − 0.5) ln(0.4 ÷ 0.5)
  expect(psi([0.5, 0.5], [600, 400])).toBeCloseTo(0.1 * Math.log(1.2) - 0.1 * Math.log(0.8), 12);
});

it('is 0 where the shares are the same, however many rows there are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      (counts, times) => {
        fc.pre(counts.some((count) => count > 0));
        const many = counts.map((count) => count * times);
        expect(psi(shares(counts), many)).toBeCloseTo(0, 12);
      },
    ),
  );
});

it('is never below 0, and the same in both directions', () => {
  fc.assert(
    fc.property(twoSamples, ([one, other]) => {
      const there = psi(shares(one), other);
      expect(there).toBeGreaterThanOrEqual(-1e-12);
      expect(psi(shares(other), one)).toBeCloseTo(there, 12);
    }),
  );
});

it('says nothing of a bin that is empty on both sides, and is finite where one side is empty', () => {
  expect(psi([0.5, 0.5, 0], [600, 400, 0])).toBe(psi([0.5, 0.5], [600, 400]));
  expect(psi([0, 1], [1000, 0])).toBeCloseTo(2 * (1 - LEAST_SHARE) * Math.log(1 / LEAST_SHARE), 12);
});

it('is not a number without rows', () => {
  expect(psi([0.5, 0.5], [0, 0])).toBeNaN();
});
