import type { Setting } from '../setting.js';

/** How to reach the brokers, which topics there are, and how the consumer works on them. */
export const KAFKA_SETTINGS = {
  KAFKA_BROKERS: {
    type: 'string',
    format: 'addresses',
    expected: 'host:port, several with commas between them',
    description: 'Kafka brokers that the consumer, and the tools with --to kafka, connect to',
  },
  KAFKA_TLS: {
    type: 'string',
    enum: ['true', 'false'],
    default: 'false',
    expected: 'true or false',
    description: 'Whether the brokers are spoken to by TLS',
  },
  KAFKA_TLS_CA_FILE: {
    type: 'string',
    pattern: '\\S',
    expected: 'a PEM file',
    description: 'Certificates of the authorities that the brokers are trusted by. Default: those of Node',
  },
  KAFKA_TLS_CERT_FILE: {
    type: 'string',
    pattern: '\\S',
    expected: 'a PEM file',
    description: 'Certificate that this process shows, where the brokers ask for one',
  },
  KAFKA_TLS_KEY_FILE: {
    type: 'string',
    pattern: '\\S',
    expected: 'a PEM file',
    description: 'Key of KAFKA_TLS_CERT_FILE',
  },
  KAFKA_SASL_MECHANISM: {
    type: 'string',
    enum: ['plain', 'scram-sha-256', 'scram-sha-512'],
    expected: 'plain, scram-sha-256 or scram-sha-512',
    description: 'How KAFKA_USERNAME and KAFKA_PASSWORD are shown to the brokers',
  },
  KAFKA_USERNAME: {
    type: 'string',
    pattern: '\\S',
    expected: 'a user of the brokers',
    description: 'User at the brokers, where they ask for one',
  },
  KAFKA_PASSWORD: {
    type: 'string',
    pattern: '\\S',
    expected: 'a password',
    description: 'Password at the brokers, where they ask for one',
    writeOnly: true,
  },
  KAFKA_GROUP_ID: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    default: 'fraud-detector',
    expected: 'a name of letters, digits, dots, dashes and underscores',
    description: 'Consumer group: the processes of one group share the partitions',
  },
  TRANSACTIONS_TOPIC: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    default: 'transactions',
    expected: 'a topic name of letters, digits, dots, dashes and underscores',
    description: 'Topic that transactions are read from, keyed by card_id',
  },
  DECISIONS_TOPIC: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    default: 'fraud-decisions',
    expected: 'a topic name of letters, digits, dots, dashes and underscores',
    description: 'Topic that decisions are published to, keyed by card_id',
  },
  DEAD_LETTER_TOPIC: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    default: 'transactions-dlq',
    expected: 'a topic name of letters, digits, dots, dashes and underscores',
    description: 'Topic for messages that cannot be decided, as they came, with the reason in headers',
  },
  LABELS_TOPIC: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    default: 'fraud-labels',
    expected: 'a topic name of letters, digits, dots, dashes and underscores',
    description:
      'Topic that labels are read from, one a message; those that are not valid go to DEAD_LETTER_TOPIC',
  },
  KAFKA_LABELS_GROUP_ID: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    default: 'fraud-labels',
    expected: 'a name of letters, digits, dots, dashes and underscores',
    description: 'Consumer group that reads labels',
  },
  MAX_POLL_RECORDS: {
    type: 'integer',
    minimum: 1,
    maximum: 10000,
    default: 500,
    expected: 'a number of messages from 1 to 10000',
    description: 'Messages of a partition that are taken, decided and committed together at most',
  },
  PARTITIONS_CONCURRENTLY: {
    type: 'integer',
    minimum: 1,
    maximum: 64,
    default: 4,
    expected: 'a number of partitions from 1 to 64',
    description: 'Partitions that one consumer process works on at the same time',
  },
  KAFKA_STORE_TIMEOUT_MS: {
    type: 'integer',
    minimum: 1,
    maximum: 10000,
    default: 1000,
    expected: 'milliseconds from 1 to 10000',
    description:
      'Longest wait of the consumer for Redis within one turn; after it the decisions are degraded',
  },
  ON_STORE_OUTAGE: {
    type: 'string',
    enum: ['degrade', 'pause'],
    default: 'degrade',
    expected: 'degrade or pause',
    description:
      'What the consumer does while Redis is away: decide without histories, stricter, or leave the messages in their topic until it is back',
  },
  KAFKA_STALL_S: {
    type: 'integer',
    minimum: 1,
    maximum: 86400,
    default: 300,
    expected: 'seconds from 1 to 86400',
    description:
      'After so long without progress, while messages wait and the brokers answer, /health of the consumer fails, so that it is restarted',
  },
  BYPASSED_TOPIC: {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    default: 'fraud-bypassed',
    expected: 'a topic name of letters, digits, dots, dashes and underscores',
    description:
      'Topic that `npm run bypass -- report --publish` sends what was let through to, with the decisions it would have had',
  },
} as const satisfies Record<string, Setting>;
