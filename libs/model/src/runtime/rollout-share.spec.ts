import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RolloutShare } from './rollout-share.js';

const cards = Array.from({ length: 20_000 }, (_, i) => `card-${i}`);
const chosen = (version: string, percent: number): Set<string> => {
  const share = new RolloutShare({ version, percent });
  return new Set(cards.filter((card) => share.has(card)));
};

describe('a rollout', () => {
  it.each([0.5, 1, 10, 50])('of %d percent has about this share of the cards', (percent) => {
    const expected = (cards.length * percent) / 100;
    // Five standard deviations of a fair choice.
    const spread = 5 * Math.sqrt(expected * (1 - percent / 100));
    expect(Math.abs(chosen('v2', percent).size - expected)).toBeLessThan(spread);
  });

  it('of 0 percent has no card, of 100 percent every card', () => {
    expect(chosen('v2', 0).size).toBe(0);
    expect(chosen('v2', 100).size).toBe(cards.length);
  });

  it('keeps its cards as it grows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.string(),
        (a, b, card) => {
          const [less, more] = a < b ? [a, b] : [b, a];
          const small = new RolloutShare({ version: 'v2', percent: less / 100 });
          const large = new RolloutShare({ version: 'v2', percent: more / 100 });
          expect(small.has(card) && !large.has(card)).toBe(false);
        },
      ),
    );
  });

  it('of another version begins with other cards', () => {
    const [one, other] = [chosen('v2', 10), chosen('v3', 10)];
    const both = [...one].filter((card) => other.has(card)).length;
    // By chance a tenth of them.
    expect(both).toBeLessThan(one.size / 5);
  });
});
