import {
  LOG_ENTITIES,
  type Decision,
  type Degradation,
  type LogEntity,
  type StageTimings,
} from '@fraud/contract';
import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import type { Scores } from '@fraud/model';
import { outcomeOf } from '@fraud/policy';
import type { ScoringContext } from './context.js';
import { reasonsOf } from './reasons.js';
import type { Vectors } from './to-vectors.js';

const SCORE_UNIT = 1e6;

/** The saturated logs by their bits: every list there can be, made once. */
const SATURATED: readonly (readonly LogEntity[])[] = Array.from(
  { length: 1 << LOG_ENTITIES.length },
  (_, bits) => LOG_ENTITIES.filter((__, i) => (bits & (1 << i)) !== 0),
);

/** Filled in when the turn is over. */
const NOT_TIMED: StageTimings = { queue: 0, state: 0, features: 0, model: 0, policy: 0, total: 0 };

/**
 * Turns one score into a decision.
 * @param n the row's place in `vectors` and `scores`
 */
export function decideRow(
  row: CurrentTransaction,
  n: number,
  vectors: Vectors,
  scores: Scores | null,
  stateless: boolean,
  decidedAt: string,
  context: ScoringContext,
): Decision {
  const degraded: Degradation[] = [];
  if (stateless) degraded.push('features_unavailable');
  if (Number.isNaN(row.amount)) degraded.push('unknown_currency');
  const score = usable(scores?.scores[n]);
  if (score === null) degraded.push('model_unavailable');
  const decision =
    score === null ? context.policy.fail_action : outcomeOf(score, degraded.length > 0, context.policy);
  return {
    decision_id: row.identity.decisionId,
    transaction_id: row.parsed.transaction.transaction_id,
    decision,
    ...(score === null ? {} : { score }),
    source: score === null ? 'fallback' : 'model',
    degraded,
    ...(vectors.saturated[n] === 0 ? {} : { saturated: SATURATED[vectors.saturated[n]!]! }),
    reasons: reasonsOf(decision, degraded, vectors.values, scores?.contributions ?? null, n * VECTOR_LENGTH),
    versions: context.versions,
    decided_at: decidedAt,
    timings_us: NOT_TIMED,
  };
}

/** A score as answers show it, so that the decision follows from what is shown. NaN is no score. */
function usable(score: number | undefined): number | null {
  if (score === undefined || !(score >= 0 && score <= 1)) return null;
  return Math.round(score * SCORE_UNIT) / SCORE_UNIT;
}
