/** Headers of a transaction that go on with its decision: trace context (W3C), and which version of a schema the producer wrote by. */
export const KEPT_HEADERS = ['traceparent', 'tracestate', 'schema-version'] as const;

/** Headers that a dead letter has beside those of the message that it was; their names all begin so. */
export const DEAD_LETTER_PREFIX = 'fraud-';

export const DEAD_LETTER_HEADERS = {
  /** Why, as an error code. */
  code: 'fraud-error-code',
  /** JSON: what is wrong with which field, never with what value. */
  fields: 'fraud-error-fields',
  /** Where the message was. */
  topic: 'fraud-source-topic',
  partition: 'fraud-source-partition',
  offset: 'fraud-source-offset',
  /** When it was written, milliseconds since the epoch. */
  timestamp: 'fraud-source-timestamp',
  /** Bytes of a value that the dead-letter topic would not take; it is still at its source. */
  omitted: 'fraud-value-omitted',
  /** How often it was sent to its source again. */
  retries: 'fraud-retries',
} as const;
