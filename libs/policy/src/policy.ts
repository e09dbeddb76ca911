import type { Outcome } from '@fraud/contract';
import { GUARD_SCHEMA, type GuardPolicy } from './guard.js';
import { ROLLOUT_SCHEMA, type RolloutBounds } from './rollout-guard.js';

/** A score at or above a threshold gets its outcome; below all of them it is approved. */
export interface Thresholds {
  readonly step_up: number;
  readonly review: number;
  readonly decline: number;
}

/** What turns a score into an outcome. */
export interface OutcomePolicy {
  readonly thresholds: Thresholds;
  /** In force where the answer is degraded: features are missing, so less is needed to be careful. */
  readonly degraded_thresholds: Thresholds;
  /** The outcome where no score can be had. Never `approve`. */
  readonly fail_action: Exclude<Outcome, 'approve'>;
}

/** What becomes of transactions whose decisions cannot be recorded: answered as degraded, or refused and not decided. */
const WHEN_FULL = ['answer', 'refuse'] as const;
export type WhenFull = (typeof WHEN_FULL)[number];

/** policy.yaml. */
export interface Policy extends OutcomePolicy {
  /** When a rollout ends by itself. */
  readonly rollout: RolloutBounds;
  /** Budget of one decision over HTTP, ms, where LATENCY_BUDGET_MS is not set. Default: 15. */
  readonly latency_budget_ms?: number;
  /** Default: USUAL_GUARD. */
  readonly guard?: GuardPolicy;
  /** Default: `answer`. */
  readonly records?: { readonly when_full: WhenFull };
}

const thresholds = {
  type: 'object',
  required: ['step_up', 'review', 'decline'],
  additionalProperties: false,
  properties: Object.fromEntries(
    ['step_up', 'review', 'decline'].map((name) => [name, { type: 'number', minimum: 0, maximum: 1 }]),
  ),
};

/** JSON Schema of policy.yaml. */
export const POLICY_SCHEMA = {
  type: 'object',
  required: ['thresholds', 'degraded_thresholds', 'fail_action', 'rollout'],
  additionalProperties: false,
  properties: {
    thresholds,
    degraded_thresholds: thresholds,
    fail_action: { enum: ['step_up', 'review', 'decline'] },
    rollout: ROLLOUT_SCHEMA,
    latency_budget_ms: { type: 'integer', minimum: 1, maximum: 10_000 },
    guard: GUARD_SCHEMA,
    records: {
      type: 'object',
      required: ['when_full'],
      additionalProperties: false,
      properties: { when_full: { enum: WHEN_FULL } },
    },
  },
};

/** What a schema cannot say: the outcomes must get more severe. Returns the faults. */
export function policyFaults(policy: Policy): string[] {
  return (['thresholds', 'degraded_thresholds'] as const)
    .filter((name) => {
      const t = policy[name];
      return t.step_up > t.review || t.review > t.decline;
    })
    .map((name) => `${name} must not fall: step_up <= review <= decline`);
}

/** The outcome of a score. */
export function outcomeOf(score: number, degraded: boolean, policy: OutcomePolicy): Outcome {
  const t = degraded ? policy.degraded_thresholds : policy.thresholds;
  if (score >= t.decline) return 'decline';
  if (score >= t.review) return 'review';
  return score >= t.step_up ? 'step_up' : 'approve';
}
