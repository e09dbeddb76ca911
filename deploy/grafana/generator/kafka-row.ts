import * as units from '@grafana/grafana-foundation-sdk/units';
import { METRICS } from '@fraud/platform';
import type { DashboardRow } from './dashboard.js';
import { over, quantile, rate, total } from './promql.js';

export const KAFKA_ROW: DashboardRow = {
  title: 'Kafka',
  panels: [
    {
      title: 'Consumer lag',
      about: 'Messages that wait. KafkaLag fires above 10,000 of a topic for five minutes.',
      unit: units.Short,
      queries: [
        [over('sum', METRICS.kafkaLag, { by: ['topic'] }), '{{topic}}'],
        [over('max', METRICS.kafkaLag, { by: ['topic', 'partition'] }), '{{topic}}/{{partition}}'],
      ],
      red: 10_000,
      runbook: '4-kafka-consumer-lag',
    },
    {
      title: 'Partitions that are held',
      about: 'Backpressure fires where something that is needed is away; busy is none of that.',
      unit: units.Short,
      queries: [
        [over('sum', METRICS.kafkaBackpressure, { by: ['topic', 'reason'] }), '{{topic}}: {{reason}}'],
      ],
      runbook: '4-kafka-consumer-lag',
    },
    {
      title: 'Messages',
      about: 'What became of them.',
      unit: units.MessagesPerSecond,
      queries: [[rate(METRICS.kafkaMessages, { by: ['result'] }), '{{result}}']],
    },
    {
      title: 'Dead letters',
      about: 'In the time shown, by code; nobody has decided them. DLQGrowing fires for each.',
      unit: units.Short,
      queries: [[total(METRICS.kafkaDeadLetters, { by: ['code'] }), '{{code}}']],
      as: 'bars',
      red: 1,
      runbook: 'dead-letters',
    },
    {
      title: 'From message to decision',
      about: "From a message's timestamp to its decision being acknowledged.",
      unit: units.Seconds,
      queries: [
        [quantile(0.5, METRICS.kafkaDelay), 'p50'],
        [quantile(0.99, METRICS.kafkaDelay), 'p99'],
      ],
      runbook: '4-kafka-consumer-lag',
    },
    {
      title: 'Time of a batch',
      about: 'From taking it to its offsets being committed.',
      unit: units.Seconds,
      queries: [
        [quantile(0.5, METRICS.kafkaBatchLatency), 'p50'],
        [quantile(0.99, METRICS.kafkaBatchLatency), 'p99'],
      ],
    },
    {
      title: 'Messages a batch',
      about: 'MAX_POLL_RECORDS is the most.',
      unit: units.Short,
      queries: [
        [quantile(0.5, METRICS.kafkaBatch), 'p50'],
        [quantile(0.99, METRICS.kafkaBatch), 'p99'],
      ],
    },
    {
      title: 'Assigned partitions',
      about: 'An instance without one has nothing to do.',
      unit: units.Short,
      queries: [
        [over('sum', METRICS.kafkaAssigned, { by: ['topic', 'instance'] }), '{{topic}}, {{instance}}'],
      ],
    },
    {
      title: 'Rebalances',
      about: 'In the time shown; members that come and go keep each other from working.',
      unit: units.Short,
      queries: [[total(METRICS.kafkaRebalances, { by: ['instance'] }), '{{instance}}']],
      as: 'bars',
      runbook: '4-kafka-consumer-lag',
    },
  ],
};
