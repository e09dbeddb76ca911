import { alternativesOf, scoreEdges, scoreReport, type LabelDelay, type ScoreReport } from '@fraud/records';
import { describe, expect, it } from 'vitest';
import { aScored, cellOf, type ScoredDecision } from '../../../../test/support/scored-decisions.js';
import { scoreText } from './score-text.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const thresholds = { step_up: 0.3, review: 0.7, decline: 0.9 };
const delays: LabelDelay[] = [
  { week: '2026-01-05', days: 1, frauds: 60 },
  { week: '2026-01-05', days: 20, frauds: 40 },
];

function report(
  rows: readonly ScoredDecision[],
  known = delays,
  asked: Parameters<typeof alternativesOf>[1] = {},
): ScoreReport {
  const alternatives = alternativesOf(thresholds, asked);
  return scoreReport({ cells: rows.map(cellOf(scoreEdges(alternatives))), delays: known }, NOW, {
    fromMs: Date.parse('2026-01-05T00:00:00Z'),
    toMs: Date.parse('2026-03-16T00:00:00Z'),
    horizonDays: 30,
    policy: 'p1',
    thresholds,
    alternatives,
  });
}

const times = (count: number, row: Partial<ScoredDecision>): ScoredDecision[] =>
  Array.from({ length: count }, () => aScored(row));
const ROWS = [
  ...times(900, { score: 0.0005, amount: 10_000 }),
  ...times(60, { score: 0.85, outcome: 'review', fraud: true, amount: 50_000 }),
  ...times(20, { score: 0.85, outcome: 'review', fraud: false, amount: 20_000 }),
  ...times(15, { score: 0.96, outcome: 'decline', fraud: true, amount: 100_000 }),
  ...times(5, { score: 0.96, outcome: 'decline', amount: 30_000 }),
];

describe('the text of calibration', () => {
  it('shows what scores said beside what came of it, and judges them by the interval', () => {
    const text = scoreText(report(ROWS));
    expect(text).toContain('Calibration, of the mature week 2026-01-05\n');
    expect(text).toContain(
      'Model 1.0.0: 75 frauds among 1,000 decisions, where its scores add up to 88; error 0.0',
    );
    expect(text).toMatch(/^0 – 0.001 +900 +0 +0.05 % +░{10} +0.0 % +░{10} +0.0 % – 0.43 % +0$/m);
    expect(text).toMatch(
      /^0.95 – 1 +20 +15 +96.0 % +█████████▋ +75.0 % +███████▌░░ +53.1 % – 88.8 % +too high +5$/m,
    );
  });

  it('does not show young weeks, and names them', () => {
    const young = ROWS.map((row) => ({ ...row, week: '2026-03-02', fraud: null }));
    const alone = scoreText(report(ROWS));
    const text = scoreText(report([...ROWS, ...young]));
    const left = '; not of 2026-03-02: fraud of so young a week is not known yet';
    expect(text).toContain(`Calibration, of the mature week 2026-01-05${left}`);
    expect(text.replaceAll(left, '')).toBe(alone);
  });

  it('is not there at all where no week is mature, and says why', () => {
    const young = ROWS.map((row) => ({ ...row, week: '2026-03-02' }));
    expect(scoreText(report(young))).toMatch(
      /^Calibration and what-ifs are not known: no week from 2026-03-02 .*is mature/,
    );
    const text = scoreText(report(ROWS, []));
    expect(text).toMatch(/not known: too few frauds of weeks that are 30 days old/);
    expect(text).toContain('npm run backtest');
    expect(text).not.toContain('%');
  });

  it('says so where no model decided anything', () => {
    const text = scoreText(report([aScored({ source: 'fallback', degraded: true, score: null, model: '' })]));
    expect(text).toContain('No decision of these weeks was made by the score of a model.');
    expect(text).toContain(
      'Apart, whatever the thresholds are: 1 by fallback, degraded (0 frauds of 0, 0 alerts).',
    );
  });
});

describe('the text of what-ifs', () => {
  it('weighs each alternative against the threshold in force, in money', () => {
    const text = scoreText(report(ROWS, delays, { decline: [0.8] }));
    expect(text).toContain('Alerts: decline, by the threshold of decline (in force: 0.9)');
    expect(text).toMatch(
      /^0.8 +100 +75 +45,000 +0 +25 +5,500 +20.0 % +75.0 % +100.0 % +2.7 % +\+30,000 +\+4,000$/m,
    );
    expect(text).toMatch(
      /^0.9 in force +20 +15 +15,000 +30,000 +5 +1,500 +100.0 % +75.0 % +20.0 % +0.54 %$/m,
    );
  });

  it('says what labels cannot say, of how many, and what stays apart', () => {
    const text = scoreText(
      report([
        ...ROWS,
        aScored({ source: 'list', outcome: 'decline', fraud: true, amount: 700 }),
        aScored({ degraded: true, amount: null }),
        aScored({ score: 0.91, outcome: 'review' }),
      ]),
    );
    expect(text).toContain('5 were declined and have no label (1,500).\nNobody complains of a payment');
    expect(text).toContain('1 by list (1 frauds of 7, 1 alerts)');
    expect(text).toContain('1 by model, degraded (0 frauds of 0, 0 alerts, 1 in an unknown currency)');
    expect(text).toContain('1 were decided otherwise then');
  });

  it('marks a threshold that a policy takes only with another one', () => {
    const text = scoreText(report(ROWS, delays, { decline: [0.6] }));
    expect(text).toMatch(/^0.6 \* +100 /m);
    expect(text).toContain('\n* a policy takes it only with another threshold moved as well');
  });
});
