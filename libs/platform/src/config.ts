import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { HOME } from './version.js';
import { areAddresses } from './address.js';
import { parseRollout } from './rollout.js';
import { ConfigError } from './config-error.js';
import { SETTINGS, type SettingName } from './config.schema.js';
import { kafkaFaults } from './kafka/faults.js';
import { namesRedis, redisFaults } from './redis/faults.js';
import { isRedisUrl } from './redis/url.js';
import type { Setting } from './setting.js';

/** The whole configuration: read once, validated, frozen. */
export interface Config {
  readonly PORT: number;
  readonly CONSUMER_PORT: number;
  readonly HOST: string;
  readonly KAFKA_BROKERS: string | undefined;
  readonly KAFKA_TLS: 'true' | 'false';
  readonly KAFKA_TLS_CA_FILE: string | undefined;
  readonly KAFKA_TLS_CERT_FILE: string | undefined;
  readonly KAFKA_TLS_KEY_FILE: string | undefined;
  readonly KAFKA_SASL_MECHANISM: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  readonly KAFKA_USERNAME: string | undefined;
  readonly KAFKA_PASSWORD: string | undefined;
  readonly KAFKA_GROUP_ID: string;
  readonly TRANSACTIONS_TOPIC: string;
  readonly DECISIONS_TOPIC: string;
  readonly DEAD_LETTER_TOPIC: string;
  readonly LABELS_TOPIC: string;
  readonly KAFKA_LABELS_GROUP_ID: string;
  readonly MAX_POLL_RECORDS: number;
  readonly PARTITIONS_CONCURRENTLY: number;
  readonly KAFKA_STORE_TIMEOUT_MS: number;
  readonly ON_STORE_OUTAGE: 'degrade' | 'pause';
  readonly KAFKA_STALL_S: number;
  readonly REDIS_URL: string | undefined;
  readonly REDIS_SENTINELS: string | undefined;
  readonly REDIS_CLUSTER_NODES: string | undefined;
  readonly REDIS_MASTER_NAME: string;
  readonly REDIS_DATABASE: number;
  readonly REDIS_USERNAME: string | undefined;
  readonly REDIS_PASSWORD: string | undefined;
  readonly REDIS_SENTINEL_USERNAME: string | undefined;
  readonly REDIS_SENTINEL_PASSWORD: string | undefined;
  readonly REDIS_TLS: 'true' | 'false';
  readonly REDIS_TLS_CA_FILE: string | undefined;
  readonly REDIS_POOL_SIZE: number;
  readonly REDIS_MAX_IN_FLIGHT: number;
  readonly FEATURE_STORE: 'redis' | 'memory';
  readonly PSEUDONYM_KEY: string;
  readonly REDIS_TIMEOUT_MS: number;
  readonly LATENCY_BUDGET_MS: number | undefined;
  readonly MODEL_URI: string;
  readonly MODEL_VERSION: string | undefined;
  readonly MODEL_SHADOW_VERSION: string | undefined;
  readonly MODEL_ROLLOUT: string | undefined;
  readonly BYPASS_MODE: 'true' | 'false' | undefined;
  readonly BYPASS_MAX_MINUTES: number;
  readonly BYPASSED_TOPIC: string;
  readonly DATA_DIR: string;
  readonly RECORDS: 'on' | 'off';
  readonly DATABASE_URL: string | undefined;
  readonly RECORDS_RETENTION_DAYS: number;
  readonly SPOOL_MAX_BYTES: number;
  readonly ADMIN_TOKEN: string | undefined;
  readonly MODEL_CACHE_DIR: string;
  readonly MODEL_MAX_BYTES: number;
  readonly MODEL_FETCH_TIMEOUT_MS: number;
  readonly AWS_ENDPOINT_URL_S3: string | undefined;
  readonly AWS_ENDPOINT_URL: string | undefined;
  readonly AWS_REGION: string | undefined;
  readonly POLICY_FILE: string;
  readonly RULES_FILE: string;
  readonly FX_FILE: string;
  readonly STORED_DECISION_TTL_S: number;
  readonly FUTURE_SKEW_S: number;
  readonly DRAIN_MS: number;
  readonly BODY_LIMIT_BYTES: number;
  readonly LOG_LEVEL: LogLevel;
  /** JSON lines, or text for people at a terminal. */
  readonly LOG_FORMAT: LogFormat;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'json' | 'text';

/** Where nothing is said, programs read what is not a terminal. Also of a value that is wrong: that has to be said, too. */
export function logFormatOf(
  { LOG_FORMAT }: Readonly<Record<string, string | undefined>> = process.env,
): LogFormat {
  if (LOG_FORMAT === 'json' || LOG_FORMAT === 'text') return LOG_FORMAT;
  return process.stdout.isTTY ? 'text' : 'json';
}

/** Defaults that are paths: they lie with the product, wherever it is started from. */
const SHIPPED = ['MODEL_URI', 'MODEL_CACHE_DIR', 'POLICY_FILE', 'RULES_FILE', 'FX_FILE', 'DATA_DIR'] as const;

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false });
ajv.addFormat('redis-url', isRedisUrl);
ajv.addFormat('addresses', areAddresses);
ajv.addFormat('rollout', (text) => parseRollout(text) !== null);
const validate = ajv.compile({ type: 'object', properties: SETTINGS });

/**
 * Reads the configuration from environment variables. An empty variable counts as not set.
 * @throws ConfigError that lists every wrong setting
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const raw: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    const value = env[name];
    if (value !== undefined && value !== '') raw[name] = read(value, setting);
  }
  const given = { ...raw };
  if (!validate(raw)) throw new ConfigError(explain(validate.errors ?? [], env));
  const faults = [...redisFaults(raw), ...kafkaFaults(raw)];
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  raw['FEATURE_STORE'] ??= namesRedis(raw) ? 'redis' : 'memory';
  raw['LOG_FORMAT'] = logFormatOf(env);
  for (const name of SHIPPED) if (given[name] === undefined) raw[name] = join(HOME, SETTINGS[name].default);
  // Every setting is there, so that what is not set can be told from what does not exist.
  for (const name of Object.keys(SETTINGS)) raw[name] ??= undefined;
  return Object.freeze(raw as unknown as Config);
}

/** The configuration of a process that is a member of a consumer group. */
export interface ConsumerConfig extends Config {
  readonly KAFKA_BROKERS: string;
}

/**
 * Reads the configuration of the Kafka consumer. The members of a group take over each other's cards, so histories in
 * the memory of one of them would be wrong: that has to be asked for.
 * @throws ConfigError
 */
export function loadConsumerConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ConsumerConfig {
  const config = loadConfig(env);
  const faults: string[] = [];
  const { KAFKA_BROKERS } = config;
  if (KAFKA_BROKERS === undefined)
    faults.push(`KAFKA_BROKERS is not set: expected ${SETTINGS.KAFKA_BROKERS.expected}`);
  if (!namesRedis(config) && env['FEATURE_STORE'] !== 'memory') {
    faults.push(
      'REDIS_URL is not set: expected the URL of a Redis (or REDIS_SENTINELS, REDIS_CLUSTER_NODES), since the consumers of a group share histories; ' +
        'for a trial with one consumer, FEATURE_STORE=memory',
    );
  }
  if (KAFKA_BROKERS === undefined || faults.length > 0) throw new ConfigError(faults.join('\n'));
  return Object.freeze({ ...config, KAFKA_BROKERS });
}

/** Numbers only as people write them: no hexadecimal, no exponent, no blanks. */
function read(value: string, setting: Setting): string | number {
  return setting.type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value;
}

function explain(errors: readonly ErrorObject[], env: Readonly<Record<string, string | undefined>>): string {
  const names = new Set(errors.map((e) => e.instancePath.slice(1)));
  return [...names]
    .map((name) => {
      const setting: Setting = SETTINGS[name as SettingName];
      const value = setting.writeOnly === true ? 'a value that is not shown' : JSON.stringify(env[name]);
      return `${name} is ${value}: expected ${setting.expected}`;
    })
    .join('\n');
}
