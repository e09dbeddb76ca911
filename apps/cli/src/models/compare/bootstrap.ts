import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { quantile } from './distribution.js';
import { rankRows, weightedQuality, type Quality } from './weighted-quality.js';

/** A figure with its 95 % interval; NaN where it is not defined. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Quality of two models on the same rows, and of the second less the first. */
export type QualityEstimates = Readonly<Record<keyof Quality, Readonly<Record<'a' | 'b' | 'difference', Estimate>>>>;

export interface ScoredDays {
  readonly scoresA: readonly number[];
  readonly scoresB: readonly number[];
  readonly frauds: readonly number[];
  readonly days: readonly number[];
}

/**
 * Percentile intervals of a bootstrap that draws whole days: rows of one day, such as those of one attack, are not
 * independent. Both models are measured on the same draws, so that the interval of the difference is narrower than theirs.
 */
export function bootstrapOverDays(rows: ScoredDays, resamples: number, seed: number): QualityEstimates {
  const days = [...new Set(rows.days)];
  const places = new Map(days.map((day, i) => [day, i]));
  const groups = rows.days.map((day) => places.get(day)!);
  const a = rankRows(rows.scoresA, rows.frauds, groups);
  const b = rankRows(rows.scoresB, rows.frauds, groups);
  const once = new Uint32Array(days.length).fill(1);
  const whole = { a: weightedQuality(a, once), b: weightedQuality(b, once) };
  const random = xoroshiro128plus(seed);
  // One day cannot be told from another by drawing it again.
  const draws = Array.from({ length: days.length < 2 ? 0 : resamples }, () => {
    const weights = new Uint32Array(days.length);
    for (let i = 0; i < days.length; i++) weights[Math.floor(((random.next() >>> 0) / 2 ** 32) * days.length)]!++;
    return { a: weightedQuality(a, weights), b: weightedQuality(b, weights) };
  });
  const of = (key: keyof Quality): QualityEstimates[keyof Quality] => ({
    a: estimate(whole.a[key], draws.map((draw) => draw.a[key])),
    b: estimate(whole.b[key], draws.map((draw) => draw.b[key])),
    difference: estimate(whole.b[key] - whole.a[key], draws.map((draw) => draw.b[key] - draw.a[key])),
  });
  return { averagePrecision: of('averagePrecision'), auc: of('auc') };
}

function estimate(value: number, draws: readonly number[]): Estimate {
  // A draw of days without fraud has no quality.
  const sorted = Float64Array.from(draws.filter((draw) => !Number.isNaN(draw))).toSorted();
  if (sorted.length === 0) return { value, low: NaN, high: NaN };
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}
