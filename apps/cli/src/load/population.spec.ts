import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, rate } from '../argument-parsers.js';
import { UserError } from '../user-error.js';
import { MOST_CARDS, population } from './population.js';

/** `enough` where the number of cards is one that the simulator takes, else what was thrown. */
function outcome(tps: string, time: string, days: number): string {
  try {
    const cards = population({ tps: rate(1_000_000)(tps), durationMs: duration(time), days });
    return Number.isInteger(cards) && cards >= 1 && cards <= MOST_CARDS ? 'enough' : String(cards);
  } catch (error) {
    return error instanceof UserError ? 'UserError' : (error as Error).constructor.name;
  }
}

describe('population', () => {
  it('is enough for rate × duration, and for a while flat out', () => {
    expect(population({ tps: 200, durationMs: 30_000, days: 30 })).toBe(151);
    expect(population({ tps: 0, durationMs: 30_000, days: 30 })).toBe(3760);
    expect(population({ tps: 200, durationMs: 30_000, days: 30, cards: 7 })).toBe(7);
  });

  it('refuses more than the simulator can keep, by the names of the options', () => {
    const wanted = { tps: 200, durationMs: duration('99999999h'), days: 30 };
    expect(() => population(wanted)).toThrow(UserError);
    expect(() => population(wanted)).toThrow(/--tps 200 for --duration 359,999,996,400s .*5,000,000/);
    expect(population({ ...wanted, cards: 20 })).toBe(20);
  });

  it('refuses less than one transaction, by the names of the options', () => {
    expect(() => population({ tps: 0.01, durationMs: 1000, days: 30, cards: 20 })).toThrow(
      /--tps 0\.01 for --duration 1s/,
    );
  });

  it('is a number of cards that the simulator takes, or a UserError, whatever the parsers let through', () => {
    const texts = fc.tuple(
      fc.stringMatching(/^\d{1,12}(\.\d{1,9})?$/),
      fc.stringMatching(/^\d{1,12}(ms|s|m|h)$/),
      fc.integer({ min: 1, max: 3660 }),
    );
    fc.assert(
      fc.property(texts, ([tps, time, days]) => {
        expect(outcome(tps, time, days)).toMatch(/^(enough|InvalidArgumentError|UserError)$/);
      }),
    );
  });
});
