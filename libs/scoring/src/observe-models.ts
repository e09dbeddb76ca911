import type { Decision } from '@fraud/contract';
import type { ScoringContext } from './context.js';
import type { Scored } from './run-model.js';
import type { Vectors } from './to-vectors.js';

/** Counts what a rollout declined, and hands the rows of a turn to the shadow. */
export function observeModels(
  vectors: Vectors,
  { rollout }: Scored,
  decided: readonly Decision[],
  { models, shadow }: ScoringContext,
): void {
  if (models === null || decided.length === 0) return;
  if (rollout !== null) {
    const declined = decided.filter(({ arm, decision }) => arm === 'candidate' && decision === 'decline');
    models.tally.add(0, 0, declined.length);
  }
  const { shadow: model } = models.serving;
  if (model !== null) shadow?.offer(model, vectors.values, decided);
}
