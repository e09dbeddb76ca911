import { KAFKA_SETTINGS } from './kafka/settings.schema.js';
import { MODEL_SETTINGS } from './model-settings.schema.js';
import { REDIS_SETTINGS } from './redis/settings.schema.js';
import type { Setting } from './setting.js';

/**
 * Every setting of the product. This is the validator, the type source and the documentation
 * (README's table is generated from it): an environment variable that is not here has no effect, but for the standard
 * variables by which the AWS SDK finds credentials (AWS_ACCESS_KEY_ID, AWS_PROFILE and the like).
 */
export const SETTINGS = {
  PORT: {
    type: 'integer',
    minimum: 0,
    maximum: 65535,
    default: 8000,
    expected: 'a port number, 0 for any free one',
    description: 'Port of the HTTP API',
  },
  CONSUMER_PORT: {
    type: 'integer',
    minimum: 0,
    maximum: 65535,
    default: 8001,
    expected: 'a port number, 0 for any free one',
    description: 'Port of /health, /ready and /metrics of the Kafka consumer',
  },
  HOST: {
    type: 'string',
    pattern: '^\\S+$',
    default: '127.0.0.1',
    expected: 'an address to bind to, such as 127.0.0.1 or 0.0.0.0',
    description: 'Address that the HTTP API, and the probes of the consumer, bind to',
  },
  ...KAFKA_SETTINGS,
  ...REDIS_SETTINGS,
  FEATURE_STORE: {
    type: 'string',
    enum: ['redis', 'memory'],
    expected: 'redis or memory',
    description:
      'Where histories live. Default: redis where a Redis is named, else memory (embedded, lost at exit)',
  },
  PSEUDONYM_KEY: {
    type: 'string',
    pattern: '\\S',
    default: 'not a secret',
    expected: 'a secret text',
    description:
      'Key of the hashes that stand for addresses in the feature store; a change forgets the histories of addresses',
    writeOnly: true,
  },
  LATENCY_BUDGET_MS: {
    type: 'integer',
    minimum: 1,
    maximum: 10000,
    expected: 'milliseconds from 1 to 10000',
    description:
      'Budget of one decision over HTTP. Where it is set it wins over `latency_budget_ms` of the policy (15). A caller may ask for less by X-Latency-Budget-Ms',
  },
  ...MODEL_SETTINGS,
  BYPASS_MODE: {
    type: 'string',
    enum: ['true', 'false'],
    expected: 'true or false',
    description:
      'true: this process approves every transaction unscored, with `source: "bypass"`. Where it is set it wins over what administrators agreed on by /v1/bypass',
  },
  BYPASS_MAX_MINUTES: {
    type: 'integer',
    minimum: 1,
    maximum: 1440,
    default: 240,
    expected: 'minutes from 1 to 1440',
    description:
      'After so long a bypass ends by itself; that of BYPASS_MODE, counted from the start of the process',
  },
  DATA_DIR: {
    type: 'string',
    pattern: '\\S',
    default: 'data',
    expected: 'a directory; it is made when it is needed',
    description:
      'Where what a shadow would have decided is written, and what was chosen for all instances if there is no Redis to share it',
  },
  RECORDS: {
    type: 'string',
    enum: ['on', 'off'],
    default: 'on',
    expected: 'on or off',
    description:
      'Whether decisions are recorded; off for a trial or a measure: nothing can be shown, repeated or labelled then',
  },
  DATABASE_URL: {
    type: 'string',
    pattern: '^postgres(?:ql)?://\\S+$',
    expected: 'a URL like postgres://user:password@host:5432/database',
    description:
      'Postgres of the records, shared by all instances. Default: an embedded one in DATA_DIR, for one process at a time',
    writeOnly: true,
  },
  RECORDS_RETENTION_DAYS: {
    type: 'integer',
    minimum: 7,
    maximum: 3650,
    default: 400,
    expected: 'days from 7 to 3650',
    description: 'How long decisions are kept; a week is dropped when all of it is older',
  },
  SPOOL_MAX_BYTES: {
    type: 'integer',
    minimum: 1048576,
    maximum: 1099511627776,
    default: 4294967296,
    expected: 'bytes from 1048576 to 1099511627776',
    description:
      'What may wait in DATA_DIR/spool for the records database; a decision takes about 2 KB. Beyond it, `records.when_full` of the policy holds',
  },
  ADMIN_TOKEN: {
    type: 'string',
    pattern: '^[\\x21-\\x7e]{16,}$',
    expected: 'at least 16 visible characters',
    description:
      'Bearer token of the administrative routes. Without it they exist only where HOST is a loopback address',
    writeOnly: true,
  },
  POLICY_FILE: {
    type: 'string',
    pattern: '\\S',
    default: 'config/policy.yaml',
    expected: 'a YAML file',
    description: 'Thresholds, fail action, budget, guard; it is followed while it changes',
  },
  RULES_FILE: {
    type: 'string',
    pattern: '\\S',
    default: 'config/rules.yaml',
    expected: 'a YAML file',
    description: 'Rules of analysts; it is followed while it changes',
  },
  FX_FILE: {
    type: 'string',
    pattern: '\\S',
    default: 'config/fx.yaml',
    expected: 'a YAML file',
    description: 'Versioned table that converts amounts to the reference currency',
  },
  STORED_DECISION_TTL_S: {
    type: 'integer',
    minimum: 60,
    maximum: 604800,
    default: 3600,
    expected: 'seconds from 60 to 604800',
    description: 'How long a decided transaction is answered with the stored decision',
  },
  FUTURE_SKEW_S: {
    type: 'integer',
    minimum: 0,
    maximum: 315360000,
    default: 300,
    expected: 'seconds from 0 to 315360000',
    description: 'How far ahead of the clock a transaction may be dated; a later one is refused',
  },
  DRAIN_MS: {
    type: 'integer',
    minimum: 0,
    maximum: 60000,
    default: 1000,
    expected: 'milliseconds from 0 to 60000',
    description:
      'After SIGTERM, how long /ready says 503 while requests are still taken (SIGINT: not at all)',
  },
  BODY_LIMIT_BYTES: {
    type: 'integer',
    minimum: 1024,
    maximum: 104857600,
    default: 1048576,
    expected: 'bytes from 1024 to 104857600',
    description:
      'Largest request body; a larger one is answered with 413. A larger message of Kafka goes to the dead letters',
  },
  LOG_LEVEL: {
    type: 'string',
    enum: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    expected: 'debug, info, warn or error',
    description: 'Least severe log line that is written',
  },
  LOG_FORMAT: {
    type: 'string',
    enum: ['json', 'text'],
    expected: 'json or text',
    description: 'Form of the log. Default: text at a terminal, elsewhere one JSON object a line',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
