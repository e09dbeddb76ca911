import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToRing, copyRing, DAY_MS, dayTotal, HOUR_MS, hourTotal, type RingTotal } from './ring.js';

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

function oracle(sales: Sale[], now: number, span: number, slots: number): RingTotal {
  const epoch = Math.floor(now / span);
  const held = sales.filter((s) => {
    const e = Math.floor(s.time / span);
    return e > epoch - slots && e <= epoch;
  });
  return { count: held.length, sum: held.reduce((a, s) => a + s.amount, 0) };
}

function total(read: typeof hourTotal, ring: Buffer, now: number, slots: number): RingTotal {
  const out = { count: 0, sum: 0 };
  read(ring, now, slots, out);
  return out;
}

describe('ring', () => {
  it('counts what a list of sales in order would count, at any later moment', () => {
    fc.assert(
      fc.property(inOrder, fc.integer({ min: 0, max: 40 * DAY_MS }), (sales, later) => {
        const ring = copyRing(null);
        for (const s of sales) addToRing(ring, s.time, s.amount);
        const now = (sales.at(-1)?.time ?? START) + later;
        expect(total(hourTotal, ring, now, 24)).toEqual(oracle(sales, now, HOUR_MS, 24));
        expect(total(dayTotal, ring, now, 30)).toEqual(oracle(sales, now, DAY_MS, 30));
      }),
    );
  });

  it('never rolls a slot backwards for a late sale', () => {
    const ring = copyRing(null);
    addToRing(ring, START + 24 * HOUR_MS, 500);
    addToRing(ring, START, 100);
    expect(total(hourTotal, ring, START + 24 * HOUR_MS, 1)).toEqual({ count: 1, sum: 500 });
  });

  it('puts a late sale whose slot is still there into it', () => {
    const ring = copyRing(null);
    addToRing(ring, START + 2 * HOUR_MS, 500);
    addToRing(ring, START, 100);
    expect(total(hourTotal, ring, START + 2 * HOUR_MS, 3)).toEqual({ count: 2, sum: 600 });
    expect(total(hourTotal, ring, START, 3)).toEqual({ count: 1, sum: 100 });
  });

  it('reads a short buffer as if filled up with zeros', () => {
    expect(total(dayTotal, Buffer.alloc(0), START, 30)).toEqual({ count: 0, sum: 0 });
  });
});
