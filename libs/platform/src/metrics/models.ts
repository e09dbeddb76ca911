import type { MetricDeclaration } from './declaration.js';

/** Of models, rollouts and shadows. */
export const MODEL_METRICS = {
  modelInfo: {
    name: 'fraud_model_info',
    kind: 'gauge',
    help: '1 for each model that scores, with its version and the beginning of its sha256; role: active (decides), candidate (decides for a share of the cards), shadow (decides nothing)',
    labels: ['role', 'version', 'sha256', 'features'],
  },
  modelLoads: {
    name: 'fraud_model_loads_total',
    kind: 'counter',
    help: 'Attempts to load a model: loaded, or the code of its refusal',
    labels: ['result'],
  },
  rolloutDecisions: {
    name: 'fraud_rollout_decisions_total',
    kind: 'counter',
    help: 'Decisions while a rollout is on, by the arm that decided: control, candidate',
    labels: ['arm', 'decision'],
  },
  rolloutsStopped: {
    name: 'fraud_rollouts_stopped_total',
    kind: 'counter',
    help: 'Rollouts that this process ended for all instances since they had left their bounds',
    labels: [],
  },
  shadowDecisions: {
    name: 'fraud_shadow_decisions_total',
    kind: 'counter',
    help: 'Transactions that the shadow scored, by what was answered and by what the shadow would have decided',
    labels: ['decision', 'shadow'],
  },
  shadowDifference: {
    name: 'fraud_shadow_score_difference',
    kind: 'histogram',
    help: "Distance of the shadow's score to the answered one",
    labels: [],
    buckets: [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1],
  },
} as const satisfies Record<string, MetricDeclaration>;
