import { OUTCOMES, type Outcome } from '@fraud/contract';
import { outcomeOf, type Thresholds } from '@fraud/policy';
import { bootstrapOverDays, type QualityEstimates } from './bootstrap.js';
import type { Comparison } from './comparison.js';
import { quantile, stabilityIndex } from './distribution.js';

const QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];
const MOST_MOVED = 10;

export interface Summary {
  readonly rows: number;
  readonly frauds: number;
  readonly days: number;
  /** Share of rows with one outcome by both, and rows by outcome of a and then of b. */
  readonly agreement: {
    readonly share: number;
    readonly thresholds: Thresholds;
    readonly table: Readonly<Record<Outcome, Readonly<Record<Outcome, number>>>>;
  };
  /** Of b less a. */
  readonly scoreShift: {
    readonly meanAbsolute: number;
    readonly quantiles: readonly { readonly q: number; readonly difference: number }[];
    readonly psi: number;
  };
  /** Features whose contributions differ most: mean sizes in log-odds. */
  readonly contributions: readonly {
    readonly feature: string;
    readonly a: number;
    readonly b: number;
    readonly move: number;
  }[];
  readonly quality: QualityEstimates;
}

export interface SummaryOptions {
  readonly thresholds: Thresholds;
  readonly features: readonly string[];
  readonly resamples: number;
  readonly seed: number;
}

/** @param comparison of at least one row */
export function summarize(comparison: Comparison, options: SummaryOptions): Summary {
  const { scoresA, scoresB, rows, moves, sizesA, sizesB } = comparison;
  const differences = Float64Array.from(scoresB, (score, i) => score - scoresA[i]!).toSorted();
  const moved = options.features
    .map((feature, f) => ({ feature, a: sizesA[f]! / rows, b: sizesB[f]! / rows, move: moves[f]! / rows }))
    .toSorted((x, y) => y.move - x.move);
  return {
    rows,
    frauds: comparison.frauds.reduce((a, b) => a + b, 0),
    days: new Set(comparison.days).size,
    agreement: agreement(comparison, options.thresholds),
    scoreShift: {
      meanAbsolute: differences.reduce((sum, d) => sum + Math.abs(d), 0) / rows,
      quantiles: QUANTILES.map((q) => ({ q, difference: quantile(differences, q) })),
      psi: stabilityIndex(scoresA, scoresB),
    },
    contributions: moved.slice(0, MOST_MOVED),
    quality: bootstrapOverDays(comparison, options.resamples, options.seed),
  };
}

function agreement({ scoresA, scoresB, rows }: Comparison, thresholds: Thresholds): Summary['agreement'] {
  const policy = { thresholds, degraded_thresholds: thresholds, fail_action: 'review' } as const;
  const none = (): Record<Outcome, number> => ({ approve: 0, step_up: 0, review: 0, decline: 0 });
  const table = { approve: none(), step_up: none(), review: none(), decline: none() };
  for (const [i, score] of scoresA.entries())
    table[outcomeOf(score, false, policy)][outcomeOf(scoresB[i]!, false, policy)]++;
  const same = OUTCOMES.reduce((sum, outcome) => sum + table[outcome][outcome], 0);
  return { share: same / rows, thresholds, table };
}
