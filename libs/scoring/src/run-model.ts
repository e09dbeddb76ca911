import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import type { Scores, ServedModel } from '@fraud/model';
import type { ScoringContext } from './context.js';
import { inTime, LATE } from './in-time.js';
import type { Scored } from './scored.js';
import type { Vectors } from './to-vectors.js';
import { usableScore } from './usable-score.js';

/** So long may a model take where nobody waits for an answer, ms. */
const MOST_MS = 10_000;

/**
 * The model, if what is left is enough for it as far as can be told: a run cannot be interrupted.
 * @param leftMs what there is time for
 */
export async function runModel(
  rows: readonly CurrentTransaction[],
  vectors: Vectors,
  context: ScoringContext,
  leftMs: number,
): Promise<Scored> {
  const { models, pace } = context;
  const all = vectors.rows.length;
  const active = models?.serving.active ?? null;
  if (all === 0 || active === null) return { scores: null, active, rollout: null, outOfTime: false };
  if (pace.model(all) > leftMs) {
    // What has waited too long says nothing about the model.
    if (leftMs > 0) pace.leftOutModel(all);
    return { scores: null, active, rollout: null, outOfTime: true };
  }
  const began = performance.now();
  const scored = await inTime(runAll(rows, vectors, context), Math.min(leftMs, MOST_MS));
  pace.ranModel(all, performance.now() - began);
  if (scored !== LATE) return scored;
  context.observer.failed('model_unavailable', all, new Error('the model did not answer in time'));
  return { scores: null, active, rollout: null, outOfTime: false };
}

/** One run over all vectors of the turn; two while a rollout is on and the turn has cards of both arms. */
async function runAll(
  rows: readonly CurrentTransaction[],
  vectors: Vectors,
  context: ScoringContext,
): Promise<Scored> {
  const { active, candidate } = context.models?.serving ?? { active: null, candidate: null };
  const { values } = vectors;
  const all = vectors.rows.length;
  const outOfTime = false;
  if (candidate === null || active === null) {
    return { scores: await run(active, values, all, context), active, rollout: null, outOfTime };
  }
  const theirs = vectors.rows.flatMap((i, n) =>
    candidate.share.has(rows[i]!.parsed.transaction.card_id) ? [n] : [],
  );
  // The active one may be replaced while the candidate runs.
  return await active.during(async () => {
    const decides = Array.from({ length: all }, () => false);
    const found = await runCandidate(candidate.model, theirs, values, decides, context);
    const rollout = { model: candidate.model, decides };
    const rest = decides.flatMap((is, n) => (is ? [] : [n]));
    if (found === null || rest.length === all) {
      return { scores: await run(active, values, all, context), active, rollout, outOfTime };
    }
    const ours = await run(active, gather(rest, values), rest.length, context);
    const scores = {
      scores: new Float32Array(all).fill(NaN),
      contributions: new Float32Array(all * VECTOR_LENGTH),
    };
    scatter(found, theirs, scores);
    if (ours !== null) scatter(ours, rest, scores);
    return { scores, active, rollout, outOfTime };
  });
}

/**
 * Has the candidate score its rows; what it cannot score, the active model decides.
 * @param decides set where it has
 */
async function runCandidate(
  model: ServedModel,
  theirs: readonly number[],
  values: Float32Array,
  decides: boolean[],
  context: ScoringContext,
): Promise<Scores | null> {
  if (theirs.length === 0) return null;
  let found: Scores | null = null;
  let failure: unknown;
  try {
    found = await model.run(gather(theirs, values), theirs.length);
  } catch (cause) {
    failure = cause;
  }
  let errors = 0;
  theirs.forEach((n, place) => {
    decides[n] = found !== null && usableScore(found.scores[place]) !== null;
    if (!decides[n]) errors += 1;
  });
  if (errors > 0) context.observer.failed('candidate_unavailable', errors, failure);
  context.models!.tally.add(theirs.length, errors, 0);
  return found;
}

async function run(
  model: ServedModel | null,
  values: Float32Array,
  rows: number,
  context: ScoringContext,
): Promise<Scores | null> {
  if (rows === 0 || model === null) return null;
  try {
    return await model.run(values, rows);
  } catch (cause) {
    context.observer.failed('model_unavailable', rows, cause);
    return null;
  }
}

function gather(rows: readonly number[], values: Float32Array): Float32Array {
  const some = new Float32Array(rows.length * VECTOR_LENGTH);
  rows.forEach((n, place) => {
    some.set(values.subarray(n * VECTOR_LENGTH, (n + 1) * VECTOR_LENGTH), place * VECTOR_LENGTH);
  });
  return some;
}

function scatter(from: Scores, rows: readonly number[], to: Scores): void {
  rows.forEach((n, place) => {
    to.scores[n] = from.scores[place]!;
    const contributions = from.contributions.subarray(place * VECTOR_LENGTH, (place + 1) * VECTOR_LENGTH);
    to.contributions.set(contributions, n * VECTOR_LENGTH);
  });
}
