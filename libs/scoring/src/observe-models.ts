import type { Decision } from '@fraud/contract';
import type { ScoringContext } from './context.js';
import type { Vectors } from './to-vectors.js';

/** Counts what a rollout declined, and hands the rows of a turn to the shadow. */
export function observeModels(vectors: Vectors, decided: readonly Decision[], context: ScoringContext): void {
  const { models, shadow } = context;
  if (models === null || decided.length === 0) return;
  const { serving, tally } = models;
  if (serving.candidate !== null) {
    const declined = decided.filter(({ arm, decision }) => arm === 'candidate' && decision === 'decline');
    tally.add(0, 0, declined.length);
  }
  if (serving.shadow !== null) shadow?.offer(serving.shadow, vectors.values, decided);
}
