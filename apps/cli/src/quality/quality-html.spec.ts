import { alternativesOf, qualityReport, scoreEdges, scoreReport, type LabelDelay } from '@fraud/records';
import { describe, expect, it } from 'vitest';
import { needed, strayIds, unbalanced } from '../../../../test/support/html.js';
import { aScored, cellOf, type ScoredDecision } from '../../../../test/support/scored-decisions.js';
import { qualityHtml } from './quality-html.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const question = {
  fromMs: Date.parse('2026-01-05T00:00:00Z'),
  toMs: Date.parse('2026-03-16T00:00:00Z'),
  horizonDays: 30,
};
const thresholds = { step_up: 0.3, review: 0.7, decline: 0.9 };
const alternatives = alternativesOf(thresholds, {});
const delays: LabelDelay[] = [
  { week: '2026-01-05', days: 1, frauds: 60 },
  { week: '2026-01-05', days: 20, frauds: 40 },
];

function page(rows: readonly ScoredDecision[], known = delays): string {
  const cells = rows.map(cellOf(scoreEdges(alternatives)));
  return qualityHtml(
    qualityReport({ cells, delays: known }, NOW, question),
    scoreReport({ cells, delays: known }, NOW, { ...question, policy: 'p1', thresholds, alternatives }),
  );
}

const ROWS = [
  aScored(),
  aScored({ model: '<b>&"1"', score: 0.91, outcome: 'decline', fraud: true, amount: 5_000_000 }),
  aScored({ score: 0.8, outcome: 'review', fraud: false, amount: 300_000 }),
  aScored({ week: '2026-03-02', score: 0.2, fraud: true, amount: 700_000 }),
];

describe('qualityHtml', () => {
  const html = page(ROWS);

  it('needs nothing from anywhere, runs nothing, closes what it opens, and shows names as they are', () => {
    expect(needed(html)).toEqual([]);
    expect(unbalanced(html)).toEqual([]);
    expect(html).toContain('Model &lt;b&gt;&amp;&quot;1&quot;');
  });

  it('plots the weeks, each model and each threshold, and every bar says its figure', () => {
    expect(html.match(/<svg role="img"/g)).toHaveLength(2 + 2 + 3);
    expect(strayIds(html)).toEqual([]);
    expect(html).toContain('<title>2026-01-05: caught 50,000</title>');
    expect(html).toContain('<title>0.9 – 0.95: fraud rate 100 %</title>');
    expect(html).toContain('<title>0.9 in force: fraud caught 50,000</title>');
    expect(html).toContain('<title>0.8: legitimate hit 3,000</title>');
  });

  it('shows a young week apart from those that can be judged', () => {
    expect(html).toContain('<title>2026-03-02: missed so far, week not mature 7,000</title>');
    expect(html).toMatch(/<th scope="row">2026-03-02<\/th>.*<td>young<\/td><\/tr>/);
    expect(html).toContain('not of 2026-03-02: fraud of so young a week is not known yet');
    expect(html).not.toContain('0.2 – 0.3');
  });

  it('says why nothing is said of scores where no week is mature', () => {
    const young = page(ROWS, []);
    expect(young).toContain('Calibration and what-ifs are not known: too few frauds');
    expect(young.match(/<svg role="img"/g)).toHaveLength(2);
    expect(unbalanced(young)).toEqual([]);
  });
});
