import type { Decision, Degradation, Versions } from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';
import { degradedReason } from '../reasons.js';

/** Nothing is computed, so nothing takes time. */
const NO_TIME = { queue: 0, state: 0, features: 0, model: 0, policy: 0, total: 0 };

/**
 * The answer of a bypass: approved, and saying by what.
 * @param versions those of an answer without a model
 * @param unrecorded it could not be recorded
 */
export function wavedThrough(
  { identity, parsed }: CurrentTransaction,
  versions: Versions,
  decidedAt: string,
  unrecorded: boolean,
): Decision {
  const degraded: Degradation[] = unrecorded ? ['bypassed', 'records_unavailable'] : ['bypassed'];
  return {
    decision_id: identity.decisionId,
    transaction_id: parsed.transaction.transaction_id,
    decision: 'approve',
    source: 'bypass',
    degraded,
    reasons: degraded.map(degradedReason),
    versions,
    decided_at: decidedAt,
    timings_us: NO_TIME,
  };
}
