import type { Decision } from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { decideRow, type Without } from './decide-row.js';
import { runModel } from './run-model.js';
import type { Scored } from './scored.js';
import type { Vectors } from './to-vectors.js';

/** What differs from what a pipeline finds out by itself. */
export interface VectorsDecided {
  readonly without: Without;
  /** The decisions could not be recorded. */
  readonly unrecorded: boolean;
  /** RFC 3339 */
  readonly decidedAt: string;
}

/**
 * The stages of the pipeline behind the features, over vectors that are there already: what another model and another policy
 * would decide, or the same ones once more. Nothing is stored, and nobody is told; the timings say nothing.
 */
export async function decideVectors(
  rows: readonly CurrentTransaction[],
  vectors: Vectors,
  { without, unrecorded, decidedAt }: VectorsDecided,
  context: ScoringContext,
): Promise<{ readonly decisions: readonly Decision[]; readonly scored: Scored }> {
  const scored = await runModel(rows, vectors, context, Infinity);
  const at = { ms: Date.parse(decidedAt), text: decidedAt };
  const decisions = vectors.rows.map((i, n) =>
    decideRow(rows[i]!, n, vectors, scored, without, unrecorded, at, context),
  );
  return { decisions, scored };
}
