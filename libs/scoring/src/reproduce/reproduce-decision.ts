import {
  LOG_ENTITIES,
  parseTransaction,
  type Decision,
  type InvalidTransaction,
  type ParsedTransaction,
} from '@fraud/contract';
import { Pseudonyms, toCurrent, VECTOR_LENGTH, writeDefaultVector } from '@fraud/features';
import { RolloutShare, RolloutTally, type ServedModel, type ServingModels } from '@fraud/model';
import type { DecisionRecord } from '@fraud/records';
import { wavedThrough } from '../bypass/waved-through.js';
import { decideVectors } from '../decide-vectors.js';
import { readVector } from '../decision-log.js';
import { score } from '../pipeline.js';
import { ownHistories, replayContext } from '../strategy.js';
import type { Vectors } from '../to-vectors.js';
import { VersionsOf } from '../versions-of.js';
import { answerDifferences, vectorDifferences } from './differences.js';
import { inputsOf, type Inputs } from './inputs.js';
import { pastHistories } from './past-histories.js';
import type { Artefacts, Difference, History, Reproduction } from './reproduction.js';
import { noModelRan } from './silent-model.js';

/** Hashes of addresses are compared among themselves alone: any key does. */
const PSEUDONYMS = new Pseudonyms('of a reproduction');
/** A vector that is there needs none. */
const NO_HISTORIES = { maxCards: 1, maxMerchants: 1, maxDecisions: 1 };

/**
 * Repeats a recorded decision with the artefacts of its versions, by the stages that serve, and compares to the bit.
 * @param history what was decided before, as far back as features look: then its vector is computed anew from that; null: the
 * recorded vector is taken
 */
export async function reproduceDecision(
  record: DecisionRecord,
  history: History | null,
  artefacts: Artefacts,
): Promise<Reproduction> {
  const source = history === null ? 'vector' : 'events';
  const result = (differs: readonly Difference[]): Reproduction => ({
    source,
    identical: differs.length === 0,
    differs,
  });
  if (record.decision.source === 'bypass') return result(letThroughAgain(record));
  const inputs = await inputsOf(record, artefacts);
  if (!('fx' in inputs)) return result(inputs);
  const parsed = parseTransaction(record.transaction);
  if (!parsed.ok) return result([invalidNow(parsed)]);
  const recorded = readVector(record.vector);
  if (recorded.length !== VECTOR_LENGTH)
    return result([{ input: 'vector', recorded: `${recorded.length} entries`, now: `${VECTOR_LENGTH}` }]);
  const vectors =
    history === null
      ? recordedVectors(record, recorded)
      : await vectorsAnew(record, parsed, history, inputs, artefacts);
  const again = await decideAgain(record, parsed, vectors, inputs);
  return result([
    ...vectorDifferences('feature', recorded, vectors.values),
    ...contributionDifferences(record, again.contributions),
    ...answerDifferences(record.decision, again.decision),
  ]);
}

/** Nothing was computed: what it was let through by is all that there is. */
function letThroughAgain({ decision, transaction }: DecisionRecord): Difference[] {
  const parsed = parseTransaction(transaction);
  if (!parsed.ok) return [invalidNow(parsed)];
  const row = toCurrent(parsed, { version: '', convert: () => NaN });
  const unrecorded = decision.degraded.includes('records_unavailable');
  return answerDifferences(decision, wavedThrough(row, decision.versions, decision.decided_at, unrecorded));
}

function invalidNow({ errors }: InvalidTransaction): Difference {
  const now = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return { input: 'transaction', recorded: 'valid', now };
}

function recordedVectors({ decision, repeated }: DecisionRecord, values: Float32Array): Vectors {
  const bits = LOG_ENTITIES.reduce(
    (found, entity, i) => found | (decision.saturated?.includes(entity) === true ? 1 << i : 0),
    0,
  );
  return { rows: [0], values, repeated: [repeated], saturated: Uint8Array.of(bits) };
}

/** By the pipeline, on histories as they were. */
async function vectorsAnew(
  record: DecisionRecord,
  parsed: ParsedTransaction,
  history: History,
  { fx }: Inputs,
  artefacts: Artefacts,
): Promise<Vectors> {
  if (isStateless(record)) {
    const values = new Float32Array(VECTOR_LENGTH);
    writeDefaultVector(toCurrent(parsed, fx), values, 0);
    return { rows: [0], values, repeated: [false], saturated: Uint8Array.of(0) };
  }
  const untilMs = Date.parse(record.decision.decided_at);
  const context = await pastHistories(history, untilMs, artefacts, { fx, pseudonyms: PSEUDONYMS });
  let seen: Vectors | undefined;
  await score([{ parsed, arrivedAt: performance.now() }], context, (vectors) => (seen = vectors));
  await context.store.close();
  return seen!;
}

async function decideAgain(
  record: DecisionRecord,
  parsed: ParsedTransaction,
  vectors: Vectors,
  { fx, policy, rules, model }: Inputs,
): Promise<{ decision: Decision; contributions: Float32Array | null }> {
  const { decision } = record;
  const context = {
    ...replayContext({ fx, pseudonyms: PSEUDONYMS }, ownHistories(NO_HISTORIES)),
    safeModes: { declines: decision.guard === 'declines', unscored: decision.guard === 'unscored' },
    models: servingAsThen(decision, model),
    policy,
    rules,
    versions: new VersionsOf(decision.versions.policy, decision.versions.fx, decision.versions.rules),
  };
  const { decisions, scored } = await decideVectors(
    [toCurrent(parsed, fx)],
    vectors,
    {
      without: {
        stateless: isStateless(record),
        outOfTime: decision.degraded.includes('deadline_exceeded'),
      },
      unrecorded: decision.degraded.includes('records_unavailable'),
      decidedAt: decision.decided_at,
    },
    context,
  );
  return { decision: decisions[0]!, contributions: scored.scores?.contributions ?? null };
}

/** The model that decided; where a rollout was on, in the arm of the answer. */
function servingAsThen({ arm }: Decision, model: ServedModel | null): ServingModels {
  const share =
    arm === undefined || model === null
      ? null
      : new RolloutShare({ version: model.version, percent: arm === 'candidate' ? 100 : 0 });
  const candidate = share === null ? null : { model: model!, share };
  return { serving: { active: model, candidate, shadow: null }, tally: new RolloutTally() };
}

function contributionDifferences(record: DecisionRecord, now: Float32Array | null): Difference[] {
  if (noModelRan(record)) return [];
  const recorded = record.contributions === null ? null : readVector(record.contributions);
  if (recorded !== null && now !== null && recorded.length === now.length)
    return vectorDifferences('contribution', recorded, now);
  const text = (found: Float32Array | null): string => (found === null ? 'none' : `${found.length}`);
  return [{ input: 'contributions', recorded: text(recorded), now: text(now) }];
}

const isStateless = ({ decision }: DecisionRecord): boolean =>
  decision.degraded.includes('features_unavailable');
