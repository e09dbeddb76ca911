import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PastTransaction } from './past-traffic.js';
import { pointInTime, type Step } from './point-in-time.js';

interface Row {
  readonly at: number;
  readonly delays: readonly number[];
}

/** A row whose transaction is its number, so that labels can be told apart. */
const past = ({ at, delays }: Row, i: number): PastTransaction =>
  ({
    parsed: { number: i },
    atMs: at,
    decided: null,
    known: 'unknown',
    scenario: null,
    labels: delays.map((delay, n) => ({ fraud: n % 2 === 0, knownAtMs: at + delay })),
  }) as unknown as PastTransaction;

const numberOf = (parsed: unknown): number => (parsed as { number: number }).number;

async function stepsOf(
  rows: readonly PastTransaction[],
  period: [number, number, number],
  size: number,
): Promise<Step[]> {
  const groups = async function* (): AsyncGenerator<readonly PastTransaction[], void> {
    for (let i = 0; i < rows.length; i += 3) yield rows.slice(i, i + 3);
  };
  const [warmFromMs, fromMs, toMs] = period;
  const found: Step[] = [];
  for await (const step of pointInTime(groups(), { warmFromMs, fromMs, toMs }, size, () => undefined))
    found.push(step);
  return found;
}

const rowsOf = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 60 }),
    delays: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 2 }),
  }),
  { maxLength: 60 },
);
const periods = fc
  .tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 65 }))
  .map(([from, warm, to]): [number, number, number] => [from - warm, from, to]);

describe('pointInTime', () => {
  it('shows each row every label that was known by then, once, in its order, and none of later', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, periods, fc.integer({ min: 1, max: 9 }), async (drawn, period, size) => {
        const rows = drawn.toSorted((a, b) => a.at - b.at).map(past);
        const steps = await stepsOf(rows, period, size);
        const known: [number, boolean][] = [];
        for (const step of steps) {
          known.push(...step.known.map(({ parsed, fraud }): [number, boolean] => [numberOf(parsed), fraud]));
          for (const row of step.rows) {
            const [warmFrom, , to] = period;
            const due = rows
              .filter(({ atMs }) => atMs >= warmFrom && atMs < to)
              .flatMap(({ parsed, labels }) =>
                labels.map((label) => ({ ...label, number: numberOf(parsed) })),
              )
              .filter(({ knownAtMs, number }) => knownAtMs <= row.atMs && number < numberOf(row.parsed));
            const text = (list: readonly [number, boolean][]): string[] => list.map(String).toSorted();
            expect(text(known)).toEqual(text(due.map(({ number, fraud }) => [number, fraud])));
          }
        }
      }),
    );
  });

  it('keeps rows in their order, judges those of the period, and leaves out what lies before the warm-up or behind', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf, periods, fc.integer({ min: 1, max: 9 }), async (drawn, period, size) => {
        const rows = drawn.map(past);
        const steps = await stepsOf(rows, period, size);
        const [warmFrom, from, to] = period;
        expect(steps.flatMap((step) => step.rows)).toEqual(
          rows.filter(({ atMs }) => atMs >= warmFrom && atMs < to),
        );
        for (const step of steps) {
          expect(step.rows.length).toBeLessThanOrEqual(size);
          for (const { atMs } of step.rows) expect(step.judged).toBe(atMs >= from);
        }
      }),
    );
  });

  it('takes rows together as long as nothing becomes known', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => past({ at: i, delays: i === 4 ? [6] : [] }, i));
    const steps = await stepsOf(rows, [-Infinity, 0, Infinity], 128);
    expect(steps.map(({ rows: taken }) => taken.length)).toEqual([10, 10]);
  });
});
