import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentCounts, WINDOWS, type Window } from './recent-counts.js';

const MINUTE_MS = 60_000;
const PERIOD_MS = 5 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 5, 12);

it('has in a window what came since the period in which the window begins, and in the total everything', () => {
  const steps = fc.array(
    fc.tuple(
      fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -60, max: 1600 })),
      fc.nat({ max: 1 }),
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const recent = new RecentCounts(() => new Uint32Array(2));
      const came: { period: number; slot: number }[] = [];
      let now = START_MS;
      let period = 0;
      for (const [minutes, slot] of all) {
        now += minutes * MINUTE_MS;
        // A clock that was set back does not undo a period.
        period = Math.max(period, Math.floor(now / PERIOD_MS));
        recent.at(now);
        recent.current[slot]! += 1;
        came.push({ period, slot });
      }
      const countsFrom = (first: number): number[] =>
        [0, 1].map((slot) => came.filter((one) => one.slot === slot && one.period >= first).length);
      const end = Math.max(now, period * PERIOD_MS);
      for (const window of Object.keys(WINDOWS) as Window[])
        expect([...recent.of(window, end)]).toEqual(
          countsFrom(Math.floor((end - WINDOWS[window]) / PERIOD_MS)),
        );
      expect([...recent.total]).toEqual(countsFrom(0));
    }),
  );
});

it('forgets rows of a day without traffic', () => {
  const recent = new RecentCounts(() => new Uint32Array(1));
  recent.at(START_MS);
  recent.current[0] = 5;
  expect(recent.of('1h', START_MS + 59 * MINUTE_MS)[0]).toBe(5);
  expect(recent.of('1h', START_MS + 66 * MINUTE_MS)[0]).toBe(0);
  expect(recent.of('24h', START_MS + 66 * MINUTE_MS)[0]).toBe(5);
  expect(recent.of('24h', START_MS + WINDOWS['24h'] + 6 * MINUTE_MS)[0]).toBe(0);
  expect(recent.total[0]).toBe(5);
});
