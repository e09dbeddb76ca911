import type { Decision } from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from './context.js';
import type { Scored } from './scored.js';
import type { Vectors } from './to-vectors.js';

/** Counts what a rollout declined, and hands the rows of a turn to those who look at them behind the answers. */
export function observeModels(
  rows: readonly CurrentTransaction[],
  vectors: Vectors,
  scored: Scored,
  decided: readonly Decision[],
  { models, shadow, drift }: ScoringContext,
): void {
  if (models === null || decided.length === 0) return;
  drift?.offer(rows, vectors, scored, decided);
  if (scored.rollout !== null) {
    const declined = decided.filter(({ arm, decision }) => arm === 'candidate' && decision === 'decline');
    models.tally.add(0, 0, declined.length);
  }
  const { shadow: model } = models.serving;
  if (model !== null) shadow?.offer(model, vectors.values, decided);
}
