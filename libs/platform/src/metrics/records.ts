import type { MetricDeclaration } from './declaration.js';

/** Of records on their way to the database. */
export const RECORD_METRICS = {
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
  labelledDecisions: {
    name: 'fraud_labelled_decisions_total',
    kind: 'counter',
    help: 'Decisions of which it became known what they were, by the decision and by the label; a correction counts once more, under what it corrects to',
    labels: ['decision', 'label'],
    optional: true,
  },
  labelledAmount: {
    name: 'fraud_labelled_amount_total',
    kind: 'counter',
    help: 'Money of the decisions in fraud_labelled_decisions_total, in minor units of the reference currency: fraud that was let through is missed (approve), other fraud caught; what is in an unknown currency is not in it',
    labels: ['decision', 'label'],
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
} as const satisfies Record<string, MetricDeclaration>;
