import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

const TWO_POW_32 = 4_294_967_296;

/**
 * A seeded stream of random draws. Streams made of different parts are independent, so each cardholder and each
 * fraud campaign has its own: a change in one leaves the others as they were.
 */
export class Random {
  private readonly generator: RandomGenerator;
  private spare: number | null = null;

  /** @param parts integers that together name the stream, such as seed, kind and index */
  constructor(...parts: readonly number[]) {
    let h = 0x9e3779b9;
    const state = new Int32Array(4).map((_, word) => {
      for (const part of parts) h = scramble((h ^ part) + 0x9e3779b9 + word);
      return h;
    });
    // The all-zero state is the one that xoroshiro never leaves.
    if (state.every((word) => word === 0)) state.fill(1);
    this.generator = xoroshiro128plusFromState([...state]);
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return (this.generator.next() >>> 0) / TWO_POW_32;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Standard normal (Marsaglia's polar method). */
  normal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    for (;;) {
      const x = 2 * this.unit() - 1;
      const y = 2 * this.unit() - 1;
      const s = x * x + y * y;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        this.spare = y * scale;
        return x * scale;
      }
    }
  }

  /** Log-normal around a median. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Exponential with the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Poisson count (Knuth); meant for means below about 30. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.unit(); product > limit; product *= this.unit()) count++;
    return count;
  }

  /** One of the items, all equally likely. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.unit() * items.length)];
    if (item === undefined) throw new RangeError('cannot pick from nothing');
    return item;
  }

  /** Index drawn by weight. @param cumulative running totals of the weights, not empty */
  weighted(cumulative: ArrayLike<number>): number {
    const last = cumulative.length - 1;
    const target = this.unit() * (cumulative[last] ?? 0);
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Running totals of weights, for `Random.weighted`. */
export function cumulate(weights: readonly number[]): Float64Array {
  const out = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i] ?? 0;
    out[i] = total;
  }
  return out;
}

/** 32-bit finalizer of MurmurHash3: every input bit moves every output bit. */
export function scramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
