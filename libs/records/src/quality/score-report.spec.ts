import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyScored,
  aScored,
  cellOf,
  type ScoredDecision,
} from '../../../../test/support/scored-decisions.js';
import type { LabelDelay } from '../store.js';
import { alternativesOf, scoreEdges } from './alternatives.js';
import { scoreReport } from './score-report.js';
import { DAY_MS, WEEK_MS } from './week.js';

const FIRST = Date.parse('2026-01-05T00:00:00Z');
const LATER = FIRST + 20 * WEEK_MS;
const thresholds = { step_up: 0.3, review: 0.7, decline: 0.9 };
const alternatives = alternativesOf(thresholds, {});
const EDGES = scoreEdges(alternatives);
/** Half of the labels come after a day, the others on the tenth. */
const delays: LabelDelay[] = [
  { week: '2026-01-05', days: 0, frauds: 50 },
  { week: '2026-01-05', days: 9, frauds: 50 },
];

const ask = (rows: readonly ScoredDecision[], nowMs = LATER, known = delays) =>
  scoreReport({ cells: rows.map(cellOf(EDGES)), delays: known }, nowMs, {
    fromMs: FIRST,
    toMs: FIRST + 12 * WEEK_MS,
    horizonDays: 30,
    policy: 'p1',
    thresholds,
    alternatives,
  });

describe('scoreReport', () => {
  it('takes a young week into no figure, however its labels look', () => {
    fc.assert(
      fc.property(fc.array(anyScored(EDGES)), fc.array(anyScored(EDGES)), (old, young) => {
        const before = old.map((row) => ({ ...row, week: '2026-01-05' }));
        const now = FIRST + 9 * WEEK_MS + 2 * DAY_MS;
        const alone = ask([aScored(), ...before], now);
        const both = ask(
          [aScored(), ...before, ...young.map((row) => ({ ...row, week: '2026-03-02' }))],
          now,
        );
        expect(both).toEqual({ ...alone, other_weeks: young.length === 0 ? [] : ['2026-03-02'] });
        expect(both.mature_weeks).toEqual(['2026-01-05']);
      }),
    );
  });

  it.each([
    ['no decision is recorded', [], LATER, delays, 'no_decisions'],
    ['too few labels are old enough', [aScored()], LATER, [], 'too_few_settled_frauds'],
    ['no week is old enough', [aScored({ week: '2026-05-25' })], LATER + DAY_MS, delays, 'no_mature_week'],
  ] as const)('says why nothing is known where %s', (_, rows, now, known, reason) => {
    expect(ask(rows, now, [...known])).toMatchObject({
      not_known: reason,
      calibration: null,
      what_ifs: null,
      mature_weeks: [],
      other_weeks: rows.map(({ week }) => week),
    });
  });

  it('calibrates each model by what it scored with all its features, and nothing else', () => {
    const { calibration, what_ifs } = ask([
      aScored({ model: '1.0.0' }),
      aScored({ model: '1.1.0', fraud: true }),
      aScored({ model: '1.1.0', degraded: true }),
      aScored({ model: '1.1.0', source: 'list' }),
      aScored({ model: '', source: 'fallback', degraded: true, score: null }),
    ]);
    expect(calibration?.map(({ model, decisions, frauds }) => [model, decisions, frauds])).toEqual([
      ['1.0.0', 1, 0],
      ['1.1.0', 1, 1],
    ]);
    expect(what_ifs?.decisions).toBe(2);
    expect(what_ifs?.unmoved.map(({ source, degraded }) => [source, degraded])).toEqual([
      ['model', true],
      ['list', false],
      ['fallback', true],
    ]);
  });

  it('names the period, the policy and its thresholds', () => {
    expect(ask([aScored()])).toMatchObject({
      from: '2026-01-05T00:00:00.000Z',
      to: '2026-03-30T00:00:00.000Z',
      horizon_days: 30,
      policy: 'p1',
      thresholds,
      not_known: null,
    });
  });
});
