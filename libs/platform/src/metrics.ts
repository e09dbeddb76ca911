/** One metric: its exposition, and what a reader of a dashboard needs to know. */
export interface MetricDeclaration {
  readonly name: string;
  readonly kind: 'histogram' | 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, histograms only. */
  readonly buckets?: readonly number[];
  /** The one application that has it; both where it is not said. */
  readonly app?: 'api' | 'consumer';
  /** Made by who measures it, and absent where there is nothing to measure. */
  readonly optional?: true;
}

const SCORE_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

/** Every metric of the product, declared once. */
export const METRICS = {
  requestLatency: {
    name: 'fraud_request_latency_seconds',
    kind: 'histogram',
    help: 'Time from the arrival of a request to its answer having left, by route',
    labels: ['route'],
    app: 'api',
    // 0.02 is exact: the latency objective is p99 <= 20 ms.
    buckets: [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1],
  },
  stageLatency: {
    name: 'fraud_stage_latency_seconds',
    kind: 'histogram',
    help: 'Time of one pipeline stage, once per turn; queue is the wait of the oldest transaction',
    labels: ['stage'],
    buckets: [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.1],
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
  breakerOpen: {
    name: 'fraud_breaker_open',
    kind: 'gauge',
    help: '1 while nobody waits for a dependency, since it failed too often in a row: feature_store, records',
    labels: ['dependency'],
    optional: true,
  },
  requestsUnderWay: {
    name: 'fraud_requests_under_way',
    kind: 'gauge',
    help: 'Transactions that have come in and have no decision yet',
    labels: [],
    app: 'api',
    optional: true,
  },
  overloadLimit: {
    name: 'fraud_overload_limit',
    kind: 'gauge',
    help: 'So many may be under way before requests are refused: as many as can be decided within the budget',
    labels: [],
    app: 'api',
    optional: true,
  },
  overloadRefused: {
    name: 'fraud_overload_refused_total',
    kind: 'counter',
    help: 'Requests that were refused with 503 before they were read, since they would have waited in vain',
    labels: [],
    app: 'api',
    optional: true,
  },
  policyInfo: {
    name: 'fraud_policy_info',
    kind: 'gauge',
    help: '1 for the policy in force, with its version',
    labels: ['version'],
  },
  policyLoads: {
    name: 'fraud_policy_loads_total',
    kind: 'counter',
    help: 'Contents of POLICY_FILE that were read: loaded, or refused and without effect',
    labels: ['result'],
  },
  policyRejected: {
    name: 'fraud_policy_rejected',
    kind: 'gauge',
    help: '1 while POLICY_FILE holds a policy that was refused, or cannot be read: an older one is in force',
    labels: [],
    optional: true,
  },
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
  redisUp: {
    name: 'fraud_redis_up',
    kind: 'gauge',
    help: '1 while Redis answers and takes writes, 0 while it does not; absent where no Redis is configured',
    labels: [],
    optional: true,
  },
  redisLatency: {
    name: 'fraud_redis_latency_seconds',
    kind: 'histogram',
    help: 'Time that was waited for Redis, once per exchange; probes included, and what was given up',
    labels: [],
    buckets: [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.1, 0.25, 1],
    optional: true,
  },
  redisErrors: {
    name: 'fraud_redis_errors_total',
    kind: 'counter',
    help: 'Exchanges with Redis that failed: timeout, connection, refused (by Redis), exhausted (the pool)',
    labels: ['failure'],
    optional: true,
  },
  redisConnections: {
    name: 'fraud_redis_pool_connections',
    kind: 'gauge',
    help: 'Size of the pool: connections to Redis, to each node of a cluster',
    labels: [],
    optional: true,
  },
  redisInFlight: {
    name: 'fraud_redis_pool_in_flight',
    kind: 'gauge',
    help: 'Exchanges that were sent to Redis and have no reply yet, those that were given up included',
    labels: [],
    optional: true,
  },
  redisQueued: {
    name: 'fraud_redis_pool_queued',
    kind: 'gauge',
    help: 'Exchanges that wait for a place in the pool',
    labels: [],
    optional: true,
  },
  redisRejected: {
    name: 'fraud_redis_pool_rejected_total',
    kind: 'counter',
    help: 'Exchanges that found no place in the pool; their transactions were decided on default features',
    labels: [],
    optional: true,
  },
  recordsUp: {
    name: 'fraud_records_up',
    kind: 'gauge',
    help: '1 while the records database takes what the spool brings, 0 while it does not; absent where nothing is recorded',
    labels: [],
    optional: true,
  },
  recordsWritten: {
    name: 'fraud_records_written_total',
    kind: 'counter',
    help: 'Lines that the records database has taken: decision, duplicate (recorded before), conflict (other content under an id), label; and aside, what it does not take',
    labels: ['result'],
    optional: true,
  },
  recordsWrite: {
    name: 'fraud_records_write_seconds',
    kind: 'histogram',
    help: 'Time of bringing a batch of the spool to the records database',
    labels: [],
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    optional: true,
  },
  spoolBytes: {
    name: 'fraud_spool_bytes',
    kind: 'gauge',
    help: 'What was answered and waits for the records database',
    labels: [],
    optional: true,
  },
  spoolLimit: {
    name: 'fraud_spool_limit_bytes',
    kind: 'gauge',
    help: 'What may wait at most (SPOOL_MAX_BYTES); beyond it records.when_full of the policy holds',
    labels: [],
    optional: true,
  },
  kafkaMessages: {
    name: 'fraud_kafka_messages_total',
    kind: 'counter',
    help: 'Messages whose decision or dead letter is acknowledged, by what became of them: decided, replayed, dead_letter',
    labels: ['result'],
    app: 'consumer',
  },
  kafkaBatch: {
    name: 'fraud_kafka_batch_messages',
    kind: 'histogram',
    help: 'Messages that were taken, decided and committed together',
    labels: [],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000],
    app: 'consumer',
  },
  kafkaBatchLatency: {
    name: 'fraud_kafka_batch_seconds',
    kind: 'histogram',
    help: 'Time from taking a batch to its offsets being committed',
    labels: [],
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    app: 'consumer',
  },
  kafkaDelay: {
    name: 'fraud_kafka_decision_delay_seconds',
    kind: 'histogram',
    help: "Time from a message's timestamp to its decision being acknowledged",
    labels: [],
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    app: 'consumer',
  },
  kafkaDeadLetters: {
    name: 'fraud_kafka_dead_letters_total',
    kind: 'counter',
    help: 'Messages that went to the dead-letter topic, by error code',
    labels: ['code'],
    app: 'consumer',
  },
  kafkaLag: {
    name: 'fraud_kafka_consumer_lag',
    kind: 'gauge',
    help: 'Messages behind the committed offset, by assigned partition',
    labels: ['topic', 'partition'],
    app: 'consumer',
  },
  kafkaAssigned: {
    name: 'fraud_kafka_assigned_partitions',
    kind: 'gauge',
    help: 'Partitions that are assigned to this process',
    labels: ['topic'],
    app: 'consumer',
  },
  kafkaRebalances: {
    name: 'fraud_kafka_rebalances_total',
    kind: 'counter',
    help: 'Times that this process joined its group anew, the first time included',
    labels: [],
    app: 'consumer',
  },
  kafkaResent: {
    name: 'fraud_kafka_resent_messages_total',
    kind: 'counter',
    help: 'Messages that were sent again because no broker had acknowledged them',
    labels: [],
    app: 'consumer',
  },
} as const satisfies Record<string, MetricDeclaration>;

export type MetricKey = keyof typeof METRICS;
