import type { MetricDeclaration } from './declaration.js';

const SCORE_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

/** Of requests, and of what is decided. */
export const DECISION_METRICS = {
  requestLatency: {
    name: 'fraud_request_latency_seconds',
    kind: 'histogram',
    help: 'Time from the arrival of a request to its answer having left, by route',
    labels: ['route'],
    app: 'api',
    // 0.02 is exact: the latency objective is p99 <= 20 ms.
    buckets: [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1],
  },
  requests: {
    name: 'fraud_requests_total',
    kind: 'counter',
    help: 'Requests for decisions that were answered, by route and class of the HTTP status; what is refused unread is in fraud_overload_refused_total',
    labels: ['route', 'status'],
    app: 'api',
  },
  stageLatency: {
    name: 'fraud_stage_latency_seconds',
    kind: 'histogram',
    help: 'Time of one pipeline stage, once per turn; queue is the wait of the oldest transaction',
    labels: ['stage'],
    buckets: [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25],
  },
  turnSize: {
    name: 'fraud_turn_transactions',
    kind: 'histogram',
    help: 'Transactions that one turn of the pipeline took together',
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
  },
  decisions: {
    name: 'fraud_decisions_total',
    kind: 'counter',
    help: 'Decisions by outcome and by what produced them; repeats are not counted again',
    labels: ['decision', 'source'],
  },
  degraded: {
    name: 'fraud_degraded_decisions_total',
    kind: 'counter',
    help: 'Decisions that were weaker than they should be, by cause',
    labels: ['cause'],
  },
  saturated: {
    name: 'fraud_history_saturated_total',
    kind: 'counter',
    help: 'Decisions on a history with more transactions within the windows than features look at, by entity',
    labels: ['entity'],
  },
  bypassActive: {
    name: 'fraud_bypass_active',
    kind: 'gauge',
    help: '1 while this process approves every transaction unscored',
    labels: [],
    optional: true,
  },
  bypassedAmount: {
    name: 'fraud_bypass_amount_total',
    kind: 'counter',
    help: 'Money that a bypass let through, in minor units of the reference currency; what is in an unknown currency is not in it',
    labels: [],
    optional: true,
  },
  historiesWaiting: {
    name: 'fraud_histories_waiting',
    kind: 'gauge',
    help: 'Transactions that were answered without the store, and have not come to the histories yet',
    labels: [],
    optional: true,
  },
  storeBehind: {
    name: 'fraud_feature_store_behind_seconds',
    kind: 'gauge',
    help: 'Age of the oldest decision of this process that the feature store does not know yet: how fresh histories are. 0 where it knows all',
    labels: [],
    optional: true,
  },
  replayed: {
    name: 'fraud_replayed_decisions_total',
    kind: 'counter',
    help: 'Repeats that were answered with the stored decision',
    labels: [],
  },
  errors: {
    name: 'fraud_errors_total',
    kind: 'counter',
    help: 'Errors by their stable code, in transactions or requests',
    labels: ['code'],
  },
  score: {
    name: 'fraud_score',
    kind: 'histogram',
    help: 'Scores of decided transactions',
    labels: [],
    buckets: SCORE_BUCKETS,
  },
  labels: {
    name: 'fraud_labels_total',
    kind: 'counter',
    help: 'Labels that were taken, by what they say and who says so; one that is told again is counted again',
    labels: ['label', 'source'],
  },
} as const satisfies Record<string, MetricDeclaration>;
