import { OUTCOMES, type Outcome, type Source } from '@fraud/contract';
import type { ScoreCell } from '@fraud/records';
import fc from 'fast-check';

/** One decided transaction, and what is known of it. */
export interface ScoredDecision {
  readonly week: string;
  readonly model: string;
  readonly source: Source;
  readonly degraded: boolean;
  readonly score: number | null;
  readonly outcome: Outcome;
  readonly fraud: boolean | null;
  /** Null: in an unknown currency. */
  readonly amount: number | null;
}

/** A decision by a full score, approved and without a label, but for what is given. */
export const aScored = (more: Partial<ScoredDecision> = {}): ScoredDecision => ({
  week: '2026-01-05',
  model: '1.0.0',
  source: 'model',
  degraded: false,
  score: 0.001,
  outcome: 'approve',
  fraud: null,
  amount: 1000,
  ...more,
});

/** Any decisions at scores that often meet an edge. @param edges that they meet */
export const anyScored = (edges: readonly number[]): fc.Arbitrary<ScoredDecision> =>
  fc.record<ScoredDecision>({
    week: fc.constantFrom('2026-01-05', '2026-01-12'),
    model: fc.constantFrom('1.0.0', '1.1.0'),
    source: fc.constantFrom('model', 'model', 'model', 'fallback', 'list'),
    degraded: fc.constantFrom(false, false, true),
    score: fc.oneof(
      fc.constantFrom<number | null>(...edges, null),
      fc.nat(1_000_000).map((millionths) => millionths / 1e6),
    ),
    outcome: fc.constantFrom(...OUTCOMES),
    fraud: fc.constantFrom(true, false, null),
    amount: fc.option(fc.nat(100_000)),
  });

/** The cell of a single decision, as the records have it. */
export const cellOf =
  (edges: readonly number[]) =>
  ({ score, amount, ...row }: ScoredDecision): ScoreCell => ({
    ...row,
    bin: score === null ? null : edges.filter((edge) => edge <= score).length,
    decisions: 1,
    amount: amount ?? 0,
    without_amount: amount === null ? 1 : 0,
    scores: score ?? 0,
    scores_squared: (score ?? 0) ** 2,
  });
