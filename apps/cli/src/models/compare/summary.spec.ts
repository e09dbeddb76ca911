import { describe, expect, it } from 'vitest';
import { Comparison } from './comparison.js';
import { comparisonReport } from './report.js';
import { summarize } from './summary.js';

const DAY = 86_400_000;

/** Four rows and two features: one row goes from approve to decline, by the second feature. */
function compared(): Comparison {
  const comparison = new Comparison(2);
  const a = { scores: Float32Array.of(0.1, 0.5, 0.75, 0.95), contributions: Float32Array.of(1, -2, 1, 2, 1, 2, 1, 2) };
  const b = { scores: Float32Array.of(0.95, 0.5, 0.75, 0.95), contributions: Float32Array.of(1, 2, 1, 2, 1, 2, 1, 2) };
  comparison.add(a, b, Uint8Array.of(1, 0, 0, 1), [0, 0, DAY, DAY + 1]);
  return comparison;
}

const options = {
  thresholds: { step_up: 0.3, review: 0.7, decline: 0.9 },
  features: ['first', 'second'],
  resamples: 100,
  seed: 1,
};

describe('a comparison of two models', () => {
  it('counts rows by outcome of both, and the share on which they agree', () => {
    const { agreement, rows, frauds, days } = summarize(compared(), options);
    expect([rows, frauds, days, agreement.share]).toEqual([4, 2, 2, 0.75]);
    expect(agreement.table.approve.decline).toBe(1);
    expect([agreement.table.step_up.step_up, agreement.table.review.review, agreement.table.decline.decline]).toEqual([
      1, 1, 1,
    ]);
  });

  it('names the features whose contributions moved most first', () => {
    expect(summarize(compared(), options).contributions).toEqual([
      { feature: 'second', a: 2, b: 2, move: 1 },
      { feature: 'first', a: 1, b: 1, move: 0 },
    ]);
  });

  it('tells by how much scores rose', () => {
    const { scoreShift } = summarize(compared(), options);
    expect(scoreShift.meanAbsolute).toBeCloseTo(0.85 / 4, 6);
    expect(scoreShift.quantiles.at(-1)?.difference).toBeCloseTo(0.85, 6);
    expect(scoreShift.quantiles.find(({ q }) => q === 0.5)?.difference).toBe(0);
  });

  it('says all that in a report', () => {
    const model = { uri: 'models', version: '1', sha256: 'abc' };
    const report = comparisonReport({ a: model, b: model, ...summarize(compared(), options) });
    expect(report).toContain('The same outcome for 75.0 % of the rows');
    expect(report).toMatch(/approve +0 +0 +0 +1\n/);
    expect(report).toMatch(/second +2\.0000 +2\.0000 +1\.0000/);
  });
});
