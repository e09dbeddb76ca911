import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelDelay } from '../store.js';
import { daysUntil, delayDistribution, FEWEST_FRAUDS, maturityOf } from './label-maturity.js';
import { DAY_MS, mondayBefore, WEEK_MS } from './week.js';

const FIRST = Date.parse('2026-01-05T00:00:00Z');
const HORIZON = 30;
const weekAt = (index: number): string => new Date(FIRST + index * WEEK_MS).toISOString().slice(0, 10);

/** One fraud: the week of its transaction, and the days until it became known. */
type Fraud = readonly [week: number, days: number];

const count = (frauds: readonly Fraud[]): LabelDelay[] =>
  frauds.map(([week, days]) => ({ week: weekAt(week), days, frauds: 1 }));

/** The estimator as the literature writes it, over single frauds. */
function oracle(frauds: readonly Fraud[], nowMs: number): number[] | null {
  const observed = (week: number): number =>
    Math.max(0, Math.floor((nowMs - (FIRST + (week + 1) * WEEK_MS)) / DAY_MS));
  const settled = frauds.filter(([week, days]) => observed(week) >= HORIZON && days < HORIZON);
  if (settled.length < FEWEST_FRAUDS) return null;
  const hazard = (x: number): number => {
    const older = frauds.filter(([week]) => observed(week) > x);
    const by = older.filter(([, days]) => days <= x).length;
    return by === 0 ? 1 : older.filter(([, days]) => days === x).length / by;
  };
  return Array.from({ length: HORIZON }, (_, day) => {
    let known = 1;
    for (let x = day + 1; x < HORIZON; x++) known *= 1 - hazard(x);
    return known;
  });
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const closeTo = (shares: readonly number[] | null): unknown =>
  shares?.map((share) => expect.closeTo(share, 10) as unknown) ?? null;

const someFrauds = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 40 })), {
  maxLength: 300,
  size: 'max',
});

describe('the distribution of label delays', () => {
  it('is the product-limit estimate over the weeks that are old enough for each delay', () => {
    fc.assert(
      fc.property(someFrauds, fc.integer({ min: 0, max: 20 * 7 }), (frauds, days) => {
        const now = FIRST + days * DAY_MS + 3_600_000;
        const seen = delayDistribution(count(frauds), now, HORIZON);
        expect(seen?.knownWithin ?? null).toEqual(closeTo(oracle(frauds, now)));
      }),
    );
  });

  it('is the share of frauds known by a day, where every week is settled', () => {
    fc.assert(
      fc.property(someFrauds, (frauds) => {
        const inside = frauds.filter(([, days]) => days < HORIZON);
        const seen = delayDistribution(count(frauds), FIRST + 40 * WEEK_MS, HORIZON);
        const shares = range(HORIZON).map(
          (day) => inside.filter(([, days]) => days <= day).length / inside.length,
        );
        expect(seen?.knownWithin ?? null).toEqual(closeTo(inside.length < FEWEST_FRAUDS ? null : shares));
      }),
    );
  });

  it('is not fooled by young weeks, of which only fast labels are known', () => {
    // 100 frauds a week, known after 0 to 29 days with equal chances; the newest weeks show only the fast ones.
    const frauds: Fraud[] = [];
    const now = FIRST + 12 * WEEK_MS;
    for (let week = 0; week < 12; week++) {
      for (let i = 0; i < 210; i++) {
        const known = FIRST + week * WEEK_MS + (i % 7) * DAY_MS + ((i % 30) + 1) * DAY_MS;
        if (known <= now) frauds.push([week, i % 30]);
      }
    }
    const naive = frauds.filter(([, days]) => days < 10).length / frauds.length;
    expect(naive).toBeGreaterThan(0.37);
    const delays = delayDistribution(count(frauds), now, HORIZON);
    expect(delays?.knownWithin[9]).toBeCloseTo(10 / 30, 2);
    expect(delays === null ? null : [daysUntil(0.5, delays), daysUntil(0.95, delays)]).toEqual([15, 29]);
  });

  it('says nothing while settled weeks have too few frauds, however many the young ones have', () => {
    const few = Array.from({ length: FEWEST_FRAUDS - 1 }, (): Fraud => [0, 3]);
    const young = Array.from({ length: 500 }, (): Fraud => [9, 1]);
    const now = FIRST + 11 * WEEK_MS;
    expect(delayDistribution(count([...few, ...young]), now, HORIZON)).toBeNull();
    expect(delayDistribution(count([...few, [0, 4], ...young]), now, HORIZON)?.settledFrauds).toBe(30);
  });
});

describe('the maturity of a week', () => {
  // Half of the frauds are known within a day, all within ten.
  const delays = { settledFrauds: 100, knownWithin: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1] };

  it('is the mean over the days that have begun, by how old each is', () => {
    const week = weekAt(0);
    expect(maturityOf(week, delays, FIRST)).toBe(0);
    // Of half a day: from no age to half a day.
    expect(maturityOf(week, delays, FIRST + DAY_MS / 2)).toBeCloseTo(0.125, 12);
    expect(maturityOf(week, delays, FIRST + DAY_MS)).toBeCloseTo(0.25, 12);
    // Monday is two to three days old, Tuesday one to two, Wednesday at most one.
    expect(maturityOf(week, delays, FIRST + 3 * DAY_MS)).toBeCloseTo((0.5 + 0.5 + 0.25) / 3, 12);
    expect(maturityOf(week, delays, FIRST + 16 * DAY_MS)).toBeCloseTo((6 * 1 + 0.75) / 7, 12);
    expect(maturityOf(week, delays, FIRST + 17 * DAY_MS)).toBe(1);
  });

  it('only grows with time, and is never less than that of a younger week', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { minLength: 1 }), fc.nat(100), fc.nat(100), (shares, a, b) => {
        const distribution = { settledFrauds: 30, knownWithin: [...shares.toSorted((x, y) => x - y), 1] };
        const at = (week: number, days: number): number =>
          maturityOf(weekAt(week), distribution, FIRST + WEEK_MS + days * DAY_MS);
        expect(at(0, a + b)).toBeGreaterThanOrEqual(at(0, a) - 1e-12);
        expect(at(0, a)).toBeGreaterThanOrEqual(at(1, a) - 1e-12);
        expect(at(0, 100 + shares.length)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('the Monday before', () => {
  it('is the moment itself on a Monday at midnight UTC, and at most a week away', () => {
    expect(mondayBefore(FIRST)).toBe(FIRST);
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: 4e12 }), (ms) => {
        const monday = new Date(mondayBefore(ms));
        expect([monday.getUTCDay(), monday.getTime() % DAY_MS]).toEqual([1, 0]);
        expect(ms - monday.getTime()).toBeGreaterThanOrEqual(0);
        expect(ms - monday.getTime()).toBeLessThan(WEEK_MS);
      }),
    );
  });
});
