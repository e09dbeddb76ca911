import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wasStored } from './was-stored.js';

const ms = fc.integer({ min: 0, max: 100_000 });
const START = Date.parse('2026-01-05T00:00:00Z');
const iso = (at: number): string => new Date(at).toISOString();

describe('wasStored', () => {
  it('is false for what was decided after it was sent, however wrong the clock of the consumer is', () => {
    fc.assert(
      fc.property(ms, ms, ms, fc.integer(), (toDecide, toPublish, toArrive, clock) => {
        const decidedAt = START + toDecide + (clock % 1e9);
        const delay = toDecide + toPublish + toArrive;
        expect(wasStored(iso(decidedAt), decidedAt + toPublish, delay)).toBe(false);
      }),
    );
  });

  it('is true for what was decided a second before it was sent', () => {
    expect(wasStored(iso(START - 1000), START + 20, 50)).toBe(true);
  });
});
