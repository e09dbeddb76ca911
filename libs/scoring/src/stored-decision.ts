import {
  ARMS,
  DEGRADATIONS,
  GUARD_SIDES,
  LOG_ENTITIES,
  OUTCOMES,
  SOURCES,
  type Decision,
  type Degradation,
  type GuardSide,
  type Reason,
  type StageTimings,
  type Versions,
} from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { degradedReason, guardReason, modelReason } from './reasons.js';

type Six<T> = readonly [T, T, T, T, T, T];

/**
 * The stored form of a decision: a JSON array, about 200 bytes. What the transaction itself says is not
 * repeated. Restoring it gives the very answer that was given.
 */
type Always = readonly [
  contentHash: string,
  outcome: number,
  source: number,
  score: number | null,
  degraded: readonly number[],
  reasons: readonly (readonly [code: string, value?: number | null, contribution?: number])[],
  decidedAtMs: number,
  timings: Six<number>,
  versions: Six<string>,
];
type Stored = readonly [
  ...Always,
  /** Only where there are any, or something behind it. */
  saturated?: readonly number[],
  /** Only while a rollout is on; -1: it is not. */
  arm?: number,
  /** Only where the guard changed the outcome. */
  guard?: number,
];

const text = { type: 'string' };
const number = { type: 'number' };
const six = (items: object): object => ({ type: 'array', minItems: 6, maxItems: 6, items });
const indexOf = (list: readonly unknown[]): object => ({
  type: 'integer',
  minimum: 0,
  maximum: list.length - 1,
});
const reason = {
  type: 'array',
  minItems: 1,
  maxItems: 3,
  prefixItems: [text, { type: ['number', 'null'] }, number],
};

const isStored = new Ajv2020({ strict: false }).compile<Stored>({
  type: 'array',
  minItems: 9,
  maxItems: 12,
  prefixItems: [
    text,
    indexOf(OUTCOMES),
    indexOf(SOURCES),
    { type: ['number', 'null'] },
    { type: 'array', items: indexOf(DEGRADATIONS) },
    { type: 'array', items: reason },
    // What Date can hold.
    { type: 'integer', minimum: 0, maximum: 8.64e15 },
    six(number),
    six(text),
    { type: 'array', items: indexOf(LOG_ENTITIES) },
    { type: 'integer', minimum: -1, maximum: ARMS.length - 1 },
    indexOf(GUARD_SIDES),
  ],
});

/** Encodes a decision for the store. */
export function encodeDecision(decision: Decision, contentHash: string, decidedAtMs: number): Buffer {
  const t = decision.timings_us;
  const v = decision.versions;
  const stored: Always = [
    contentHash,
    OUTCOMES.indexOf(decision.decision),
    SOURCES.indexOf(decision.source),
    decision.score ?? null,
    decision.degraded.map((d) => DEGRADATIONS.indexOf(d)),
    decision.reasons.map((r) =>
      r.contribution === undefined ? [r.code] : [r.code, r.value ?? null, r.contribution],
    ),
    decidedAtMs,
    [t.queue, t.state, t.features, t.model, t.policy, t.total],
    [v.engine, v.features, v.model, v.model_sha256, v.policy, v.fx],
  ];
  const { arm, guard } = decision;
  const saturated = decision.saturated?.map((entity) => LOG_ENTITIES.indexOf(entity));
  if (guard !== undefined) {
    const itsArm = arm === undefined ? -1 : ARMS.indexOf(arm);
    return toBytes([...stored, saturated ?? [], itsArm, GUARD_SIDES.indexOf(guard)]);
  }
  if (arm !== undefined) return toBytes([...stored, saturated ?? [], ARMS.indexOf(arm)]);
  return toBytes(saturated === undefined ? stored : [...stored, saturated]);
}

/** What a stored value turns out to be: the decision, `conflict` (decided with other content) or `unreadable`. */
export type Restored = Decision | 'conflict' | 'unreadable';

/** Restores a stored decision. Never throws: another version, or another program, may have written it. */
export function restoreDecision(bytes: Buffer, current: CurrentTransaction): Restored {
  const stored = read(bytes);
  if (stored === null) return 'unreadable';
  const [
    contentHash,
    outcome,
    source,
    score,
    degraded,
    reasons,
    decidedAtMs,
    t,
    v,
    saturated = [],
    arm = -1,
    guard,
  ] = stored;
  if (contentHash !== current.identity.contentHash) return 'conflict';
  const [queue, state, features, model, policy, total] = t;
  const timings: StageTimings = { queue, state, features, model, policy, total };
  const [engine, catalogue, modelVersion, sha256, policyVersion, fx] = v;
  const versions: Versions = {
    engine,
    features: catalogue,
    model: modelVersion,
    model_sha256: sha256,
    policy: policyVersion,
    fx,
  };
  return {
    decision_id: current.identity.decisionId,
    transaction_id: current.parsed.transaction.transaction_id,
    decision: OUTCOMES[outcome]!,
    ...(score === null ? {} : { score }),
    source: SOURCES[source]!,
    degraded: degraded.map((d) => DEGRADATIONS[d]!),
    ...(arm === -1 ? {} : { arm: ARMS[arm]! }),
    ...(saturated.length === 0 ? {} : { saturated: saturated.map((s) => LOG_ENTITIES[s]!) }),
    ...(guard === undefined ? {} : { guard: GUARD_SIDES[guard]! }),
    reasons: reasons.map(restoreReason),
    versions,
    decided_at: new Date(decidedAtMs).toISOString(),
    timings_us: timings,
  };
}

function read(bytes: Buffer): Stored | null {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isStored(value) ? value : null;
  } catch {
    return null;
  }
}

const GUARD = 'guard.';

function restoreReason([code, value, contribution]: Stored[5][number]): Reason {
  if (code.startsWith(GUARD)) return guardReason(code.slice(GUARD.length) as GuardSide);
  if (contribution === undefined) return degradedReason(code as Degradation);
  return modelReason(code, value ?? null, contribution);
}

const toBytes = (stored: Stored): Buffer => Buffer.from(JSON.stringify(stored));
