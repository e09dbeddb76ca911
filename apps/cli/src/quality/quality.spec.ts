import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from './average-precision.js';
import { rocAuc } from './roc-auc.js';
import type { Scored } from './ranking.js';

/** Few distinct scores, so that ties are the rule. */
const rows = fc
  .array(fc.tuple(fc.nat(6), fc.nat(1)), { minLength: 1, maxLength: 40 })
  .map((list): Scored => ({ scores: list.map(([s]) => s / 6), labels: list.map(([, l]) => l) }));
const pairs = ({ scores, labels }: Scored): [number, number][] =>
  Array.from(scores).map((score, i) => [score, labels[i]!]);

function oracleAuc(scored: Scored): number {
  const all = pairs(scored);
  const frauds = all.filter(([, l]) => l === 1);
  const genuine = all.filter(([, l]) => l === 0);
  let wins = 0;
  for (const [f] of frauds) for (const [g] of genuine) wins += f > g ? 1 : f === g ? 0.5 : 0;
  return wins / (frauds.length * genuine.length);
}

function oracleAveragePrecision(scored: Scored): number {
  const all = pairs(scored);
  const frauds = all.filter(([, l]) => l === 1).length;
  const thresholds = [...new Set(all.map(([s]) => s))].toSorted((a, b) => b - a);
  let before = 0;
  let sum = 0;
  for (const threshold of thresholds) {
    const flagged = all.filter(([s]) => s >= threshold);
    const caught = flagged.filter(([, l]) => l === 1).length;
    const recall = caught / frauds;
    sum += (recall - before) * (caught / flagged.length);
    before = recall;
  }
  return sum;
}

const expectSame = (actual: number, oracle: number): void => {
  if (Number.isNaN(oracle)) expect(actual).toBeNaN();
  else expect(actual).toBeCloseTo(oracle, 10);
};

// The example of scikit-learn's documentation: roc_auc_score gives 0.75, average_precision_score 0.8333…
const DOCUMENTED: Scored = { scores: [0.1, 0.4, 0.35, 0.8], labels: [0, 0, 1, 1] };

describe('rocAuc', () => {
  it('gives the documented value of scikit-learn', () => expect(rocAuc(DOCUMENTED)).toBe(0.75));
  it('counts a tie as half', () => expect(rocAuc({ scores: [1, 1], labels: [0, 1] })).toBe(0.5));
  it('is 1 for a perfect and 0 for an inverted ranking', () => {
    expect(rocAuc({ scores: [3, 2, 1], labels: [1, 1, 0] })).toBe(1);
    expect(rocAuc({ scores: [1, 2, 3], labels: [1, 1, 0] })).toBe(0);
  });
  it('is undefined with one kind only', () => expect(rocAuc({ scores: [1], labels: [1] })).toBeNaN());
  it('equals the count over all pairs', () => {
    fc.assert(fc.property(rows, (r) => expectSame(rocAuc(r), oracleAuc(r))));
  });
});

describe('averagePrecision', () => {
  it('gives the documented value of scikit-learn', () => {
    expect(averagePrecision(DOCUMENTED)).toBeCloseTo(5 / 6, 12);
  });
  it('takes tied rows as one threshold', () => {
    // Both thresholds by hand: 1 of 2 at recall 1/2, then 2 of 4 at recall 1.
    expect(averagePrecision({ scores: [1, 1, 0, 0], labels: [1, 0, 1, 0] })).toBe(0.5);
  });
  it('is the share of frauds where all scores are equal', () => {
    expect(averagePrecision({ scores: [2, 2, 2, 2], labels: [1, 0, 0, 0] })).toBe(0.25);
  });
  it('is undefined without fraud', () => expect(averagePrecision({ scores: [1], labels: [0] })).toBeNaN());
  it('equals the sum over thresholds', () => {
    fc.assert(fc.property(rows, (r) => expectSame(averagePrecision(r), oracleAveragePrecision(r))));
  });
});
