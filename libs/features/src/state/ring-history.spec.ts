import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFraud, addToRing, copyRing, DAY_MS, HOUR_MS } from './ring.js';
import { RING_WINDOWS, RingHistory } from './ring-history.js';

const START = Date.UTC(2026, 0, 5);
interface Sale {
  readonly time: number;
  readonly amount: number;
}
const inOrder = fc
  .array(
    fc.record({ gap: fc.integer({ min: 0, max: 6 * HOUR_MS }), amount: fc.integer({ min: 0, max: 1e9 }) }),
    { maxLength: 200 },
  )
  .map((steps) => {
    let time = START;
    return steps.map(({ gap, amount }): Sale => ({ time: (time += gap), amount }));
  });

interface Total {
  readonly count: number;
  readonly sum: number;
}

const SPANS = { '1h': [HOUR_MS, 1], '24h': [HOUR_MS, 24], '7d': [DAY_MS, 7], '30d': [DAY_MS, 30] } as const;

function oracle(sales: readonly Sale[], now: number, [span, slots]: readonly [number, number]): Total {
  const epoch = Math.floor(now / span);
  const held = sales.filter((s) => {
    const e = Math.floor(s.time / span);
    return e > epoch - slots && e <= epoch;
  });
  return { count: held.length, sum: held.reduce((a, s) => a + s.amount, 0) };
}

const history = new RingHistory();
function totals(ring: Buffer, now: number): Record<(typeof RING_WINDOWS)[number], Total> {
  history.read(ring, now);
  return Object.fromEntries(
    RING_WINDOWS.map((name, w) => [name, { count: history.count[w]!, sum: history.sum[w]! }]),
  ) as Record<(typeof RING_WINDOWS)[number], Total>;
}

describe('a ring', () => {
  it('counts in every window what a list of sales in order would count, at any later moment', () => {
    fc.assert(
      fc.property(inOrder, fc.integer({ min: 0, max: 40 * DAY_MS }), (sales, later) => {
        const ring = copyRing(null);
        for (const s of sales) addToRing(ring, s.time, s.amount);
        const now = (sales.at(-1)?.time ?? START) + later;
        const got = totals(ring, now);
        for (const name of RING_WINDOWS) expect(got[name]).toEqual(oracle(sales, now, SPANS[name]));
      }),
    );
  });

  it('never rolls a slot backwards for a late sale, nor for a late label', () => {
    const ring = copyRing(null);
    addToRing(ring, START + 24 * HOUR_MS, 500);
    addToRing(ring, START, 100);
    addFraud(ring, START, 1);
    expect(totals(ring, START + 24 * HOUR_MS)['1h']).toEqual({ count: 1, sum: 500 });
  });

  it('puts a late sale whose slot is still there into it', () => {
    const ring = copyRing(null);
    addToRing(ring, START + 2 * HOUR_MS, 500);
    addToRing(ring, START, 100);
    expect(totals(ring, START + 2 * HOUR_MS)['24h']).toEqual({ count: 2, sum: 600 });
    expect(totals(ring, START)['24h']).toEqual({ count: 1, sum: 100 });
  });

  it('reads a short one as if filled up with zeros', () => {
    expect(totals(Buffer.alloc(0), START)['30d']).toEqual({ count: 0, sum: 0 });
    const ring = copyRing(null);
    addToRing(ring, START, 100);
    expect(totals(ring.subarray(0, 24 * 20), START)).toMatchObject({
      '1h': { count: 1, sum: 100 },
      '30d': { count: 0, sum: 0 },
    });
  });

  it('keeps the frauds of a slot when its first sale comes behind the label', () => {
    const ring = copyRing(null);
    addFraud(ring, START, 1);
    addToRing(ring, START, 100);
    history.read(ring, START + 7 * DAY_MS);
    expect([history.judged[0], history.frauds[0], history.daysSinceFraud]).toEqual([1, 1, 7]);
  });
});
