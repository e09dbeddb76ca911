import {
  LOG_ENTITIES,
  type Decision,
  type Degradation,
  type LogEntity,
  type StageTimings,
} from '@fraud/contract';
import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import { guarded, outcomeOf, settle } from '@fraud/policy';
import type { ScoringContext } from './context.js';
import { reasonsOf } from './reasons.js';
import { askRules } from './rules/ask-rules.js';
import type { Scored } from './scored.js';
import type { Vectors } from './to-vectors.js';
import { usableScore } from './usable-score.js';

/** The saturated logs by their bits: every list there can be, made once. */
const SATURATED: readonly (readonly LogEntity[])[] = Array.from(
  { length: 1 << LOG_ENTITIES.length },
  (_, bits) => LOG_ENTITIES.filter((__, i) => (bits & (1 << i)) !== 0),
);

/** What a decision had to do without. */
export interface Without {
  /** The vectors were written without state. */
  readonly stateless: boolean;
  /** There was no time for all of it. */
  readonly outOfTime: boolean;
}

/** When the rows of a turn are decided. */
export interface DecidedAt {
  readonly ms: number;
  /** RFC 3339 */
  readonly text: string;
}

/** Filled in when the turn is over. */
const NOT_TIMED: StageTimings = { queue: 0, state: 0, features: 0, model: 0, policy: 0, total: 0 };

/**
 * Turns one score into a decision.
 * @param n the row's place in `vectors` and `scored`
 */
export function decideRow(
  row: CurrentTransaction,
  n: number,
  vectors: Vectors,
  { scores, active, rollout }: Scored,
  { stateless, outOfTime }: Without,
  unrecorded: boolean,
  decidedAt: DecidedAt,
  context: ScoringContext,
): Decision {
  const degraded: Degradation[] = [];
  if (stateless) degraded.push('features_unavailable');
  if (Number.isNaN(row.amount)) degraded.push('unknown_currency');
  const score = usableScore(scores?.scores[n]);
  // Not asked is not the same as not answering.
  if (outOfTime) degraded.push('deadline_exceeded');
  else if (score === null) degraded.push('model_unavailable');
  if (unrecorded) degraded.push('records_unavailable');
  const withoutRules =
    score === null ? context.policy.fail_action : outcomeOf(score, degraded.length > 0, context.policy);
  const hits = askRules(row, n, vectors.values, score, decidedAt.ms, context);
  const { outcome, by } = settle(hits.live, withoutRules, score !== null && degraded.length === 0);
  const { outcome: decision, side } = guarded(outcome, score !== null, context.safeModes);
  const candidate = rollout?.decides[n] === true;
  return {
    decision_id: row.identity.decisionId,
    transaction_id: row.parsed.transaction.transaction_id,
    decision,
    ...(score === null ? {} : { score }),
    source: by.length > 0 ? 'rules' : score === null ? 'fallback' : 'model',
    degraded,
    ...(rollout === null ? {} : { arm: candidate ? 'candidate' : 'control' }),
    ...(vectors.saturated[n] === 0 ? {} : { saturated: SATURATED[vectors.saturated[n]!]! }),
    ...(side === null ? {} : { guard: side }),
    ...(hits.live.length === 0 ? {} : { rules: hits.live.map(({ id }) => id) }),
    ...(hits.shadow.length === 0 ? {} : { shadow_rules: hits.shadow.map(({ id }) => id) }),
    reasons: reasonsOf(
      decision,
      by,
      degraded,
      vectors.values,
      scores?.contributions ?? null,
      n * VECTOR_LENGTH,
      side,
    ),
    versions: context.versions.of(candidate ? rollout.model : active),
    decided_at: decidedAt.text,
    timings_us: NOT_TIMED,
  };
}
