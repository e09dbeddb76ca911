import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulate, Random } from './random.js';

const draw = (random: Random, n: number, next: (r: Random) => number): number[] =>
  Array.from({ length: n }, () => next(random));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('Random', () => {
  it('repeats itself for equal parts and differs for neighbouring ones', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(100_000), (seed, index) => {
        const stream = draw(new Random(seed, 2, index), 8, (r) => r.unit());
        expect(draw(new Random(seed, 2, index), 8, (r) => r.unit())).toEqual(stream);
        expect(draw(new Random(seed, 2, index + 1), 8, (r) => r.unit())).not.toEqual(stream);
      }),
    );
  });

  it('stays in its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, low, width) => {
        const random = new Random(seed);
        const whole = random.integer(low, low + width);
        expect(Number.isInteger(whole) && whole >= low && whole <= low + width).toBe(true);
        const unit = random.unit();
        expect(unit >= 0 && unit < 1).toBe(true);
      }),
    );
  });

  it('draws the distributions that it names', () => {
    const random = new Random(1);
    const normal = draw(random, 20_000, (r) => r.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(draw(random, 20_000, (r) => r.exponential(3)))).toBeCloseTo(3, 0);
    expect(mean(draw(random, 20_000, (r) => r.poisson(1.4)))).toBeCloseTo(1.4, 1);
  });

  it('draws indices in proportion to their weights, never one of weight 0', () => {
    const random = new Random(2);
    const counts = [0, 0, 0, 0];
    const weights = cumulate([1, 0, 3, 0]);
    for (let i = 0; i < 20_000; i++) counts[random.weighted(weights)]!++;
    expect(counts[1]).toBe(0);
    expect(counts[3]).toBe(0);
    expect(counts[2]! / counts[0]!).toBeCloseTo(3, 0);
  });

  it('cannot pick from nothing', () => {
    expect(() => new Random(1).pick([])).toThrow(RangeError);
  });
});
