import type { MetricDeclaration } from './declaration.js';

/** Of the topics that the consumer reads. */
export const KAFKA_METRICS = {
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
  kafkaBackpressure: {
    name: 'fraud_kafka_backpressure',
    kind: 'gauge',
    help: 'Partitions from which no more is fetched for now, by reason: busy (more than a slice is at hand), features_unavailable, records_unavailable',
    labels: ['topic', 'reason'],
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
