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
import { degradedReason, guardReason, modelReason, ruleReason } from './reasons.js';

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
  /** Of a rule the second is its sentence. */
  reasons: readonly (readonly [code: string, value?: number | string | null, contribution?: number])[],
  decidedAtMs: number,
  timings: Six<number>,
  /** That of the rules comes last, where there were any. */
  versions: readonly string[],
];
type Stored = readonly [
  ...Always,
  /** Only where there are any, or something behind it. */
  saturated?: readonly number[],
  /** Only while a rollout is on; -1: it is not. */
  arm?: number,
  /** Only where the guard changed the outcome; -1: it did not. */
  guard?: number,
  /** Only where some hit. */
  rules?: readonly string[],
  shadowRules?: readonly string[],
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
  prefixItems: [text, { type: ['number', 'string', 'null'] }, number],
};

const isStored = new Ajv2020({ strict: false }).compile<Stored>({
  type: 'array',
  minItems: 9,
  maxItems: 14,
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
    { ...six(text), maxItems: 7 },
    { type: 'array', items: indexOf(LOG_ENTITIES) },
    { type: 'integer', minimum: -1, maximum: ARMS.length - 1 },
    { type: 'integer', minimum: -1, maximum: GUARD_SIDES.length - 1 },
    { type: 'array', items: text },
    { type: 'array', items: text },
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
    decision.reasons.map(storedReason),
    decidedAtMs,
    [t.queue, t.state, t.features, t.model, t.policy, t.total],
    [
      v.engine,
      v.features,
      v.model,
      v.model_sha256,
      v.policy,
      v.fx,
      ...(v.rules === undefined ? [] : [v.rules]),
    ],
  ];
  const { arm, guard, saturated = [], rules = [], shadow_rules = [] } = decision;
  const behind: unknown[] = [
    saturated.map((entity) => LOG_ENTITIES.indexOf(entity)),
    arm === undefined ? -1 : ARMS.indexOf(arm),
    guard === undefined ? -1 : GUARD_SIDES.indexOf(guard),
    rules,
    shadow_rules,
  ];
  // What is usual is not written, as far as nothing else comes behind it.
  while (behind.length > 0 && isUsual(behind.at(-1))) behind.pop();
  return Buffer.from(JSON.stringify([...stored, ...behind]));
}

const isUsual = (value: unknown): boolean => value === -1 || (Array.isArray(value) && value.length === 0);

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
    guard = -1,
    rules = [],
    shadowRules = [],
  ] = stored;
  if (contentHash !== current.identity.contentHash) return 'conflict';
  const [queue, state, features, model, policy, total] = t;
  const timings: StageTimings = { queue, state, features, model, policy, total };
  const [engine, catalogue, modelVersion, sha256, policyVersion, fx, rulesVersion] = v as Six<string> & {
    readonly 6?: string;
  };
  const versions: Versions = {
    engine,
    features: catalogue,
    model: modelVersion,
    model_sha256: sha256,
    policy: policyVersion,
    fx,
    ...(rulesVersion === undefined ? {} : { rules: rulesVersion }),
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
    ...(guard === -1 ? {} : { guard: GUARD_SIDES[guard]! }),
    ...(rules.length === 0 ? {} : { rules }),
    ...(shadowRules.length === 0 ? {} : { shadow_rules: shadowRules }),
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
const RULE = 'rule.';

function storedReason({ code, text: sentence, value, contribution }: Reason): Stored[5][number] {
  // The sentence of a rule is in its file, which may be another one by then.
  if (code.startsWith(RULE)) return [code, sentence];
  return contribution === undefined ? [code] : [code, value ?? null, contribution];
}

function restoreReason([code, value, contribution]: Stored[5][number]): Reason {
  if (code.startsWith(RULE)) return ruleReason(code.slice(RULE.length), String(value));
  if (code.startsWith(GUARD)) return guardReason(code.slice(GUARD.length) as GuardSide);
  if (contribution === undefined) return degradedReason(code as Degradation);
  return modelReason(code, typeof value === 'number' ? value : null, contribution);
}
