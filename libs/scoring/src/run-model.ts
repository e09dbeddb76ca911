import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import type { Scores, ServedModel } from '@fraud/model';
import type { ScoringContext } from './context.js';
import type { Vectors } from './to-vectors.js';
import { usableScore } from './usable-score.js';

/** What the models made of a turn's vectors. */
export interface Scored {
  /** Null: there is no model, or it failed. */
  readonly scores: Scores | null;
  /** What decides where there is no rollout, and for the control arm. */
  readonly active: ServedModel | null;
  /** Null without a rollout. */
  readonly rollout: { readonly model: ServedModel; readonly decides: readonly boolean[] } | null;
}

/** One run over all vectors of the turn; two while a rollout is on and the turn has cards of both arms. */
export async function runModel(
  rows: readonly CurrentTransaction[],
  vectors: Vectors,
  context: ScoringContext,
): Promise<Scored> {
  const { active, candidate } = context.models?.serving ?? { active: null, candidate: null };
  const all = vectors.rows.length;
  if (candidate === null || active === null) {
    return { scores: await run(active, vectors.values, all, context), active, rollout: null };
  }
  const chosen = vectors.rows.map((i) => candidate.share.has(rows[i]!.parsed.transaction.card_id));
  const theirs = places(chosen, true);
  const found = theirs.length === 0 ? null : await runSome(candidate.model, theirs, vectors.values);
  // What the candidate cannot score, the active model decides.
  const decides = chosen.map((_, n) => {
    const place = found === null ? -1 : theirs.indexOf(n);
    return place >= 0 && usableScore(found!.scores[place]) !== null;
  });
  const rest = places(decides, false);
  const errors = theirs.length - (all - rest.length);
  if (errors > 0) context.observer.failed('candidate_unavailable', errors);
  context.models!.tally.add(theirs.length, errors, 0);
  const rollout = { model: candidate.model, decides };
  if (rest.length === all) {
    return { scores: await run(active, vectors.values, all, context), active, rollout };
  }
  const ours =
    rest.length === 0 ? null : await run(active, gather(rest, vectors.values), rest.length, context);
  const scores = {
    scores: new Float32Array(all).fill(NaN),
    contributions: new Float32Array(all * VECTOR_LENGTH),
  };
  scatter(found!, theirs, scores);
  if (ours !== null) scatter(ours, rest, scores);
  return { scores, active, rollout };
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

async function runSome(
  model: ServedModel,
  rows: readonly number[],
  values: Float32Array,
): Promise<Scores | null> {
  try {
    return await model.run(gather(rows, values), rows.length);
  } catch {
    return null;
  }
}

const places = (flags: readonly boolean[], flag: boolean): number[] =>
  flags.flatMap((is, n) => (is === flag ? [n] : []));

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
