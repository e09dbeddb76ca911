import { OUTCOMES, type Outcome } from '@fraud/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelDelay, QualityCell } from '../store.js';
import { qualityReport } from './quality-report.js';
import { DAY_MS, WEEK_MS } from './week.js';

const FIRST = Date.parse('2026-01-05T00:00:00Z');
const HORIZON = 30;
const weekAt = (index: number): string => new Date(FIRST + index * WEEK_MS).toISOString().slice(0, 10);

/** One decided transaction, and what is known of it. */
interface Row {
  readonly week: number;
  readonly outcome: Outcome;
  readonly fraud: boolean | null;
  readonly amount: number;
}

const cellsOf = (rows: readonly Row[]): QualityCell[] =>
  rows.map(({ week, ...row }) => ({ week: weekAt(week), decisions: 1, ...row }));

/** Settled frauds, all known within a day: what is five days old or more is mature. */
const fast: LabelDelay[] = [{ week: weekAt(0), days: 0, frauds: 40 }];

const ask = (rows: readonly Row[], delays: readonly LabelDelay[], now: number, from = 0, to = 60) =>
  qualityReport({ cells: cellsOf(rows), delays }, now, {
    fromMs: FIRST + from * WEEK_MS,
    toMs: FIRST + to * WEEK_MS,
    horizonDays: HORIZON,
  });

const aRow = fc.record<Row>({
  week: fc.nat(3),
  outcome: fc.constantFrom(...OUTCOMES),
  fraud: fc.constantFrom(true, false, null),
  amount: fc.nat(100_000),
});

describe('qualityReport', () => {
  it('counts what one counts by hand over single transactions', () => {
    fc.assert(
      fc.property(fc.array(aRow), (rows) => {
        const report = ask(rows, fast, FIRST + 20 * WEEK_MS);
        expect(report.weeks.map(({ week }) => week)).toEqual(
          [...new Set(rows.map(({ week }) => weekAt(week)))].toSorted(),
        );
        for (const week of report.weeks) {
          const mine = rows.filter((row) => weekAt(row.week) === week.week);
          expect(week).toMatchObject({
            decisions: mine.length,
            labelled: mine.filter((row) => row.fraud !== null).length,
            frauds: mine.filter((row) => row.fraud === true).length,
            mature: true,
            maturity: 1,
            unlabelled: 'legitimate',
          });
          for (const [name, alert] of [
            ['any', (o: Outcome) => o !== 'approve'],
            ['decline', (o: Outcome) => o === 'decline'],
          ] as const) {
            const quality = week.alerts[name];
            const frauds = mine.filter((row) => row.fraud === true);
            const caught = frauds.filter((row) => alert(row.outcome));
            const alerts = mine.filter((row) => alert(row.outcome));
            const legitimate = mine.filter((row) => row.fraud !== true);
            const money = (some: readonly Row[]): number => some.reduce((sum, row) => sum + row.amount, 0);
            expect(quality.money_caught).toBe(money(caught));
            expect(quality.money_caught + quality.money_missed).toBe(money(frauds));
            expect(quality.precision).toBe(alerts.length === 0 ? null : caught.length / alerts.length);
            expect(quality.recall).toBe(frauds.length === 0 ? null : caught.length / frauds.length);
            const alarms = legitimate.filter((row) => alert(row.outcome));
            expect(quality.false_positive_rate).toBe(
              legitimate.length === 0 ? null : alarms.length / legitimate.length,
            );
          }
        }
        expect(report.mature?.decisions ?? 0).toBe(rows.length);
      }),
    );
  });

  it('does not take a young week for a good one', () => {
    const week = (index: number): Row[] => [
      { week: index, outcome: 'decline', fraud: null, amount: 100 },
      { week: index, outcome: 'decline', fraud: true, amount: 100 },
      { week: index, outcome: 'approve', fraud: null, amount: 100 },
    ];
    // Half of the labels come after a day, the others on the tenth.
    const delays = [
      { week: weekAt(0), days: 0, frauds: 50 },
      { week: weekAt(0), days: 9, frauds: 50 },
    ];
    const report = ask([...week(4), ...week(8)], delays, FIRST + 9 * WEEK_MS + 2 * DAY_MS);
    expect(report.label_delay).toEqual({ median_days: 1, p95_days: 10, settled_frauds: 100 });
    const [old, young] = report.weeks;
    expect(old).toMatchObject({ mature: true, expected_frauds: 1 });
    expect(old?.alerts.decline).toMatchObject({ precision: 0.5, false_positive_rate: 0.5 });
    expect(young).toMatchObject({ maturity: 0.5, mature: false, expected_frauds: 2, unlabelled: 'unknown' });
    expect(young?.alerts.decline).toMatchObject({
      precision: null,
      precision_at_least: 0.5,
      recall: 1,
      false_positive_rate: null,
    });
    expect(report.mature).toMatchObject({ weeks: 1, decisions: 3 });
  });

  it('says that maturity is not known where too few labels are old enough', () => {
    const rows: Row[] = [{ week: 0, outcome: 'decline', fraud: true, amount: 1 }];
    const report = ask(rows, [{ week: weekAt(0), days: 1, frauds: 29 }], FIRST + 20 * WEEK_MS);
    expect(report).toMatchObject({ label_delay: null, mature: null });
    expect(report.weeks[0]).toMatchObject({ maturity: null, mature: null, expected_frauds: null });
    expect(report.weeks[0]?.alerts.any.precision).toBeNull();
  });

  it('scales nothing up from almost nothing', () => {
    const rows: Row[] = [{ week: 8, outcome: 'decline', fraud: true, amount: 1 }];
    const report = ask(rows, fast, FIRST + 8 * WEEK_MS + DAY_MS / 10);
    expect(report.weeks[0]).toMatchObject({ maturity: 0.05, expected_frauds: null });
  });

  it('learns from weeks that were not asked for, and shows those that were', () => {
    const rows = [0, 1, 2, 3].map((week): Row => ({ week, outcome: 'approve', fraud: null, amount: 1 }));
    const report = ask(rows, fast, FIRST + 20 * WEEK_MS, 1, 3);
    expect(report.weeks.map(({ week, mature }) => [week, mature])).toEqual([
      [weekAt(1), true],
      [weekAt(2), true],
    ]);
  });

  it('expects about as many frauds as there will be, wherever in time it is asked', () => {
    // Frauds become known after 0 to 24 days, most of them early.
    const random = (i: number): number => Math.abs(Math.sin(i * 12.9898) * 43_758.5453) % 1;
    const frauds = Array.from({ length: 40 * 400 }, (_, i) => ({
      week: Math.floor(i / 400),
      at: FIRST + Math.floor(i / 400) * WEEK_MS + random(i) * WEEK_MS,
      delay: Math.min(24.9, -6 * Math.log(1 - random(i + 1e6))) * DAY_MS,
    }));
    const shares: number[] = [];
    for (const asked of [20, 22.7, 25.3, 28.2, 30.5, 33.9]) {
      const now = FIRST + asked * WEEK_MS;
      const seen = frauds.filter(({ at, delay }) => at + delay <= now);
      const rows = seen.map(({ week }): Row => ({ week, outcome: 'approve', fraud: true, amount: 1 }));
      const delays = seen.map(({ week, delay }) => ({
        week: weekAt(week),
        days: Math.floor(delay / DAY_MS),
        frauds: 1,
      }));
      for (const { week, maturity, expected_frauds } of ask(rows, delays, now).weeks) {
        const whole = Date.parse(week) + WEEK_MS <= now;
        if (whole && maturity !== null && maturity > 0.3 && maturity < 0.95)
          shares.push((expected_frauds ?? 0) / 400);
      }
    }
    // Each is off by chance, three standard deviations of which are 15 %; together they are not.
    expect(shares.length).toBeGreaterThan(10);
    expect(shares.filter((share) => Math.abs(share - 1) > 0.15)).toEqual([]);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.02);
  });
});
