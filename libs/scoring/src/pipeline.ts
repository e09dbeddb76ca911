import { problem, type Decision, type Problem } from '@fraud/contract';
import { toCurrent, type CurrentTransaction } from '@fraud/features';
import type { RecordedAnswer } from '@fraud/records';
import type { AnsweredWithout } from './answered-without.js';
import type { Arrival } from './arrival.js';
import { commitDecision } from './commit-decision.js';
import type { ScoringContext, ScoringObserver } from './context.js';
import { decideTurn } from './decide-turn.js';
import { readState, WITHOUT_STATE } from './read-state.js';
import { LEAST_FOR_STORE_MS, TIMERS_LATE_MS, type Rung } from './rung.js';
import { foldRepeats } from './fold-repeats.js';
import { observeModels } from './observe-models.js';
import { runModel } from './run-model.js';
import { Stopwatch } from './stopwatch.js';
import { restoreDecision } from './stored-decision.js';
import { toVectors, type Vectors } from './to-vectors.js';

/** What becomes of a valid transaction. */
export type Result =
  | {
      readonly kind: 'decided';
      readonly decision: Decision;
      /** The answer as JSON text, where it is known. */
      readonly json: string | null;
      readonly replayed: boolean;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Seen before, but not decided yet, as far as the store knows: asked again, or looked up in the records, before it is decided. */
export interface Waiting {
  readonly kind: 'waiting';
  readonly row: CurrentTransaction;
}

const CONFLICT: Result = { kind: 'refused', problem: problem('transaction_conflict') };
/** Of a transaction that waits until the store is back; it is not to blame. */
export const PUT_OFF: Result = { kind: 'refused', problem: problem('features_unavailable') };
const UNRECORDABLE: Result = { kind: 'refused', problem: problem('records_unavailable') };

/**
 * THE pipeline: every door and every tool goes through here, with one transaction or with many.
 * Each row sees the effects of the rows before it, so the size of a batch does not change an answer.
 * @param onVectors shown the feature vectors and their rows, for those who train on them, or decide them otherwise, too
 * @param rung how much of it there is time for
 */
export async function score(
  arrivals: readonly Arrival[],
  context: ScoringContext,
  onVectors?: (vectors: Vectors, rows: readonly CurrentTransaction[]) => void,
  rung: Rung = 'whole',
): Promise<(Result | Waiting)[]> {
  const { log, whenFull, pace } = context;
  if (whenFull === 'refuse' && log?.full === true) {
    context.observer.failed('records_unavailable', arrivals.length);
    return arrivals.map(() => UNRECORDABLE);
  }
  const watch = new Stopwatch(arrivals);
  const deadline = deadlineOf(arrivals, context.budgetMs);
  const all = arrivals.map((a) => toCurrent(a.parsed, context.fx));
  const { rows, firstOf } = foldRepeats(all);

  // 2. State: read it and append to the logs, in one round trip. Null: the store cannot serve in time.
  const forStore = deadline - performance.now() - pace.model(rows.length) - pace.rest - TIMERS_LATE_MS;
  const { states, late, sent } =
    // A store that cannot be away takes no time.
    rung === 'whole' || context.breakers.store === null
      ? await readState(rows, Math.max(LEAST_FOR_STORE_MS, forStore), context)
      : WITHOUT_STATE;
  watch.lap('state');
  // Nothing is recorded, and nothing published: it is the same transaction when it comes again.
  if (states === null && context.waitsForStore) return arrivals.map(() => PUT_OFF);

  // 3. Decided before: that decision. Seen before, but not stored yet: that one, too, if it comes soon.
  const results = rows.map((row, i): Result | Waiting | null => {
    const state = states?.[i];
    const answer = answerStored(row, state?.stored ?? null, context);
    if (answer !== null || state?.repeated !== true) return answer;
    const { mayWait } = arrivals[firstOf.indexOf(i)]!;
    if (mayWait === true) return { kind: 'waiting', row };
    if (mayWait === false) context.observer.failed('repeat_unresolved', 1);
    return null;
  });

  // 4. Features → vectors, of what is still to be decided.
  const vectors = toVectors(rows, states, results);
  onVectors?.(vectors, rows);
  watch.lap('features');

  // 5. Model: all rows of the turn in one run, if there is time. Null: it gave no usable scores.
  const scored = await runModel(rows, vectors, context, deadline - performance.now() - pace.rest);
  watch.lap('model');

  // 6. Thresholds → decision and reasons. Lists and rules belong here, after the score and before the thresholds.
  //    What is decided is recorded before it is answered.
  const placeOf = (i: number): number => firstOf.indexOf(i);
  const { decided, decidedAtMs } = decideTurn(
    rows,
    vectors,
    scored,
    { stateless: states === null, outOfTime: rung !== 'whole' || scored.outOfTime },
    watch,
    placeOf,
    context,
  );

  // 7. Commit, behind the answers; what was answered without the store goes to the histories, too.
  const without: AnsweredWithout[] = [];
  vectors.rows.forEach((i, n) => {
    if (decided === null) {
      results[i] = UNRECORDABLE;
      return;
    }
    const { decision, json } = decided[n]!;
    const observer = arrivals[placeOf(i)]!.settlement;
    observer?.expect();
    const row = rows[i]!;
    if (states === null && context.behind !== null)
      without.push({ row, decision, decidedAtMs, observer, sent });
    else context.commits.add(commitDecision(row, decision, vectors.repeated[n]!, decidedAtMs, observer));
    results[i] = { kind: 'decided', decision, json, replayed: false };
  });

  if (late === null) context.behind?.add(without);
  else context.behind?.addLate(without, placesOf(without, rows, late));
  pace.finished(watch.stages.policy + watch.stages.record);

  const answers = all.map((row, i): Result | Waiting => {
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

  // 8. Observe: the candidate, the shadow, drift.
  observeModels(rows, vectors, scored, decided?.map(({ decision }) => decision) ?? [], context);
  context.observer.turn(arrivals.length, watch);
  for (const answer of answers) if (answer.kind !== 'waiting') observe(answer, context.observer);
  return answers;
}

/** Of some of the rows, what a promise says of all. */
async function placesOf(
  some: readonly AnsweredWithout[],
  rows: readonly CurrentTransaction[],
  late: Promise<readonly boolean[]>,
): Promise<boolean[]> {
  const took = await late;
  return some.map(({ row }) => took[rows.indexOf(row)] === true);
}

/** When the first of them has to be answered, `performance.now()`. */
function deadlineOf(arrivals: readonly Arrival[], usualMs: number): number {
  let first = Infinity;
  for (const { arrivedAt, budgetMs = usualMs } of arrivals) first = Math.min(first, arrivedAt + budgetMs);
  return first;
}

/** Tells of an answer, once. */
export function observe(answer: Result, observer: ScoringObserver): void {
  if (answer.kind === 'decided') observer.decided(answer.decision, answer.replayed);
  else observer.failed(answer.problem.code, 1);
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
  if (restored !== 'unreadable') return { kind: 'decided', decision: restored, json: null, replayed: true };
  context.observer.failed('stored_decision_unreadable', 1);
  return null;
}

/** The answer that is recorded, also long after the stored decision has expired. */
export function answerRecorded({ identity }: CurrentTransaction, recorded: RecordedAnswer): Result {
  if (recorded.contentHash !== identity.contentHash) return CONFLICT;
  const decision = JSON.parse(recorded.answer) as Decision;
  return { kind: 'decided', decision, json: recorded.answer, replayed: true };
}
