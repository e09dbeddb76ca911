import { problem, type Decision, type Problem } from '@fraud/contract';
import { toCurrent, type CurrentTransaction } from '@fraud/features';
import type { Arrival } from './arrival.js';
import { commitDecision } from './commit-decision.js';
import type { ScoringContext } from './context.js';
import { decideRow } from './decide-row.js';
import { readState } from './read-state.js';
import { foldRepeats } from './fold-repeats.js';
import { observeModels } from './observe-models.js';
import { runModel } from './run-model.js';
import { Stopwatch } from './stopwatch.js';
import { restoreDecision } from './stored-decision.js';
import { toVectors, type Vectors } from './to-vectors.js';

/** What becomes of a valid transaction. */
export type Result =
  | { readonly kind: 'decided'; readonly decision: Decision; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem };

const CONFLICT: Result = { kind: 'refused', problem: problem('transaction_conflict') };

/**
 * THE pipeline: every door and every tool goes through here, with one transaction or with many.
 * Each row sees the effects of the rows before it, so the size of a batch does not change an answer.
 * @param onVectors shown the feature vectors, for those who train on them
 */
export async function score(
  arrivals: readonly Arrival[],
  context: ScoringContext,
  onVectors?: (vectors: Vectors) => void,
): Promise<Result[]> {
  const watch = new Stopwatch(arrivals);
  const all = arrivals.map((a) => toCurrent(a.parsed, context.fx));
  const { rows, firstOf } = foldRepeats(all);

  // 2. State: read it and append to the logs, in one round trip. Null: the store cannot serve.
  const states = await readState(rows, watch.waitedMs, context);
  watch.lap('state');

  // 3. Decided before: that decision.
  const results = rows.map((row, i) => answerStored(row, states?.[i]?.stored ?? null, context));

  // 4. Features → vectors, of what is still to be decided.
  const vectors = toVectors(rows, states, results);
  onVectors?.(vectors);
  watch.lap('features');

  // 5. Model: all rows of the turn in one run. Null: it gave no usable scores.
  const scored = await runModel(rows, vectors, context);
  watch.lap('model');

  // 6. Thresholds → decision and reasons. Lists and rules belong here, after the score and before the thresholds.
  const decidedAtMs = Date.now();
  const decidedAt = new Date(decidedAtMs).toISOString();
  const decided = vectors.rows.map((i, n) =>
    decideRow(rows[i]!, n, vectors, scored, states === null, decidedAt, context),
  );
  watch.lap('policy');

  // 7. Commit, behind the answers. Records and the decision publisher belong here.
  vectors.rows.forEach((i, n) => {
    const decision = decided[n]!;
    const place = firstOf.indexOf(i);
    decision.timings_us = watch.timings(place);
    const observer = arrivals[place]!.settlement;
    observer?.expect();
    context.commits.add(commitDecision(rows[i]!, decision, vectors.repeated[n]!, decidedAtMs, observer));
    results[i] = { kind: 'decided', decision, replayed: false };
  });

  const answers = all.map((row, i): Result => {
    const place = firstOf[i]!;
    const first = rows[place]!;
    const result = results[place]!;
    if (row === first) return result;
    // The same id twice in one turn: what is stored decides, else the first of them.
    if (row.identity.contentHash !== first.identity.contentHash) {
      return answerStored(row, states?.[place]?.stored ?? null, context) ?? CONFLICT;
    }
    return result.kind === 'decided' ? { ...result, replayed: true } : result;
  });

  // 8. Observe. Drift belongs here.
  observeModels(vectors, scored, decided, context);
  context.observer.turn(arrivals.length, watch);
  for (const answer of answers) {
    if (answer.kind === 'decided') context.observer.decided(answer.decision, answer.replayed);
    else context.observer.failed(answer.problem.code, 1);
  }
  return answers;
}

/** The answer that is stored; null where there is none that can be read. */
export function answerStored(
  row: CurrentTransaction,
  stored: Buffer | null,
  context: ScoringContext,
): Result | null {
  if (stored === null) return null;
  const restored = restoreDecision(stored, row);
  if (restored === 'conflict') return CONFLICT;
  if (restored !== 'unreadable') return { kind: 'decided', decision: restored, replayed: true };
  context.observer.failed('stored_decision_unreadable', 1);
  return null;
}
