import type { Scores } from '@fraud/model';
import type { ScoringContext } from './context.js';
import type { Vectors } from './to-vectors.js';

/** One run over all vectors of the turn; null where the model cannot score. */
export async function runModel(vectors: Vectors, context: ScoringContext): Promise<Scores | null> {
  const n = vectors.rows.length;
  if (n === 0 || context.model === null) return null;
  try {
    return await context.model.run(vectors.values, n);
  } catch (cause) {
    context.observer.failed('model_unavailable', n, cause);
    return null;
  }
}
