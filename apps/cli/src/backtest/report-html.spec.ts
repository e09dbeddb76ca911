import type { ParsedTransaction } from '@fraud/contract';
import { describe, expect, it } from 'vitest';
import { needed, strayIds, unbalanced } from '../../../../test/support/html.js';
import { niceStep } from '../report/bar-chart.js';
import { periodsOf } from './plot-periods.js';
import { backtestHtml } from './report-html.js';
import { backtestText } from './report-text.js';
import { summarize, type BacktestSummary } from './summary.js';
import { BacktestTally } from './tally.js';

const DAY = 86_400_000;
const FROM = Date.parse('2026-02-01T00:00:00Z');

/** Days of traffic with one decision of each kind of change on each of them. */
function summaryOf(days: readonly number[]): BacktestSummary {
  const tally = new BacktestTally();
  for (const day of days) {
    for (const [was, wouldBe] of [
      ['approve', 'decline'],
      ['decline', 'approve'],
      ['approve', 'step_up'],
      ['step_up', 'approve'],
    ] as const) {
      for (const known of ['fraud', 'legitimate', 'unknown'] as const) {
        const parsed = { transaction: { card_id: `card-${day}` } } as unknown as ParsedTransaction;
        const row = { parsed, atMs: FROM + day * DAY, decided: null, known, scenario: null, labels: [] };
        const money = wouldBe === 'decline' ? 12_345_600 : 100_000;
        tally.add(
          row,
          { outcome: was, score: 0.1, source: 'model' },
          { outcome: wouldBe, score: 0.2, source: 'model' },
          money,
        );
      }
    }
  }
  return summarize(tally, {
    madeAt: new Date('2026-04-01T00:00:00Z'),
    source: '<script>&"quoted".ndjson',
    fromMs: FROM,
    toMs: FROM + DAY,
    warmFromMs: FROM - DAY,
    warmed: 10,
    repeats: 0,
    late: 0,
    refused: new Map(),
    was: { model: '1.1.0', model_sha256: 'abc', policy: 'p' },
    wouldBe: { model: '1.2.0', model_sha256: 'def', policy: 'q' },
  });
}

describe('backtestHtml', () => {
  const html = backtestHtml(summaryOf([0, 1, 2]));

  it('is the same to the byte for the same summary', () => {
    expect(backtestHtml(summaryOf([0, 1, 2]))).toBe(html);
  });

  it('needs nothing from anywhere, and runs nothing', () => {
    expect(needed(html)).toEqual([]);
  });

  it('shows names as they are', () => {
    expect(html).toContain('&lt;script&gt;&amp;&quot;quoted&quot;.ndjson');
  });

  it('closes every element that it opens', () => {
    expect(unbalanced(html)).toEqual([]);
  });

  it('has a title and a description on each plot, with ids of their own', () => {
    expect(html.match(/<svg role="img"/g)).toHaveLength(2);
    expect(strayIds(html)).toEqual([]);
  });

  it('says in its text what its plots show: each bar its figure', () => {
    expect(html).toContain('<title>2026-02-02: newly stopped 123,456</title>');
    expect(html).toContain('<title>2026-02-02: no longer challenged 1</title>');
    expect(html).toMatch(
      /<th scope="row">2026-02-02<\/th><td>12<\/td><td>12<\/td><td>123,456<\/td><td>1,000<\/td><td>2<\/td><td>2<\/td>/,
    );
  });

  it('says with what the decisions were made', () => {
    expect(html).toMatch(/was<\/th><td>1\.1\.0<\/td><td>abc<\/td><td>p<\/td>/);
    expect(html).toMatch(/would be<\/th><td>1\.2\.0<\/td><td>def<\/td><td>q<\/td>/);
  });
});

describe('backtestText', () => {
  it('ends with what is saved and who is hit', () => {
    expect(backtestText(summaryOf([0, 1]))).toContain(
      'Money saved: 244,912 (246,912 of fraud would now be stopped, 2,000 no longer).\n' +
        'Good customers: 4 transactions of 2 customers newly challenged or stopped, 4 of 2 relieved.',
    );
  });
});

describe('periodsOf', () => {
  it('shows every day of the period, also those without decisions', () => {
    const { unit, periods } = periodsOf(summaryOf([0, 3]).days);
    expect([unit, periods.map(({ name }) => name)]).toEqual([
      'day',
      ['2026-02-01', '2026-02-02', '2026-02-03', '2026-02-04'],
    ]);
    expect(periods.map(({ effects }) => effects.fraud.newly_stopped.count)).toEqual([1, 0, 0, 1]);
  });

  it('shows weeks from Monday where there are too many days, with the same sums', () => {
    const summary = summaryOf(Array.from({ length: 120 }, (_, i) => i));
    const { unit, periods } = periodsOf(summary.days);
    expect([unit, periods[0]!.name, periods.length]).toEqual(['week', '2026-01-26', 18]);
    expect(periods.map(({ effects }) => effects.legitimate.newly_challenged.count)).toEqual([
      1,
      ...Array.from({ length: 17 }, () => 7),
    ]);
  });
});

describe('niceStep', () => {
  it.each([
    [0.2, 1],
    [1, 1],
    [1.1, 2],
    [3, 5],
    [7, 10],
    [20, 20],
    [21_000, 50_000],
  ])('is the round number above %d: %d', (least, step) => expect(niceStep(least)).toBe(step));
});
