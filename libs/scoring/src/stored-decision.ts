import {
  DEGRADATIONS,
  OUTCOMES,
  SOURCES,
  type Decision,
  type Reason,
  type StageTimings,
  type Versions,
} from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';

/**
 * The stored form of a decision: a JSON array, about 200 bytes. What the transaction itself says is not
 * repeated. Restoring it gives the very answer that was given.
 */
type Stored = readonly [
  contentHash: string,
  outcome: number,
  source: number,
  score: number | null,
  degraded: readonly number[],
  reasons: readonly (readonly [code: string, value?: number | null, contribution?: number])[],
  decidedAtMs: number,
  timings: readonly number[],
  versions: readonly string[],
];

/** Encodes a decision for the store. */
export function encodeDecision(decision: Decision, contentHash: string, decidedAtMs: number): Buffer {
  const t = decision.timings_us;
  const v = decision.versions;
  const stored: Stored = [
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
  return Buffer.from(JSON.stringify(stored));
}

/** Restores a stored decision; null where the same transaction id was decided with other content. */
export function restoreDecision(bytes: Buffer, current: CurrentTransaction): Decision | null {
  const [contentHash, outcome, source, score, degraded, reasons, decidedAtMs, t, v] = JSON.parse(
    bytes.toString(),
  ) as Stored;
  if (contentHash !== current.identity.contentHash) return null;
  const timings: StageTimings = {
    queue: t[0]!,
    state: t[1]!,
    features: t[2]!,
    model: t[3]!,
    policy: t[4]!,
    total: t[5]!,
  };
  const versions: Versions = {
    engine: v[0]!,
    features: v[1]!,
    model: v[2]!,
    model_sha256: v[3]!,
    policy: v[4]!,
    fx: v[5]!,
  };
  return {
    decision_id: current.identity.decisionId,
    transaction_id: current.parsed.transaction.transaction_id,
    decision: OUTCOMES[outcome]!,
    ...(score === null ? {} : { score }),
    source: SOURCES[source]!,
    degraded: degraded.map((d) => DEGRADATIONS[d]!),
    reasons: reasons.map(restoreReason),
    versions,
    decided_at: new Date(decidedAtMs).toISOString(),
    timings_us: timings,
  };
}

function restoreReason([code, value, contribution]: Stored[5][number]): Reason {
  return contribution === undefined ? { code } : { code, value: value ?? null, contribution };
}
