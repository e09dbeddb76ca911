import { expect, it } from 'vitest';
import { chiSquaredBound, thresholdOf } from './threshold.js';

it.each([
  // Quantiles of 0.9999, by scipy.stats.chi2.ppf.
  [5, 23.5127],
  [12, 37.367],
  [51, 95.9687],
  [200, 281.8744],
])('bounds χ² of %i bins as tables do, within 3 %', (bins, quantile) => {
  expect(Math.abs(chiSquaredBound(bins) / quantile - 1)).toBeLessThan(0.03);
});

it('is 0.1 where there are few bins, and more where chance alone goes beyond that', () => {
  expect(thresholdOf(12, 1000, 300_000)).toBe(0.1);
  expect(thresholdOf(200, 1000, 300_000)).toBeGreaterThan(0.25);
  expect(thresholdOf(200, 5000, 300_000)).toBe(0.1);
});

it('allows for a reference that is small itself', () => {
  expect(thresholdOf(12, 1000, 200)).toBeGreaterThan(0.2);
});
