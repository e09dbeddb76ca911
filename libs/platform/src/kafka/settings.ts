import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';
import { ConfigError } from '../config-error.js';
import type { Config } from '../config.js';

/** How to reach the brokers. */
export interface KafkaAccess {
  /** `host:port` */
  readonly brokers: readonly string[];
  /** Null: no TLS. */
  readonly tls: ConnectionOptions | null;
  /** Null: they ask for nothing. */
  readonly sasl: SASLOptions | null;
}

/**
 * What the configuration says about the brokers.
 * @throws ConfigError where a file that it names cannot be read
 */
export function kafkaAccess(config: Config & { readonly KAFKA_BROKERS: string }): KafkaAccess {
  return { brokers: config.KAFKA_BROKERS.split(','), tls: tlsOf(config), sasl: saslOf(config) };
}

const FILES = { ca: 'KAFKA_TLS_CA_FILE', cert: 'KAFKA_TLS_CERT_FILE', key: 'KAFKA_TLS_KEY_FILE' } as const;

function tlsOf(config: Config): ConnectionOptions | null {
  if (config.KAFKA_TLS !== 'true') return null;
  const tls: ConnectionOptions = {};
  for (const [part, name] of Object.entries(FILES) as [keyof typeof FILES, (typeof FILES)['ca']][]) {
    const file = config[name];
    if (file !== undefined) tls[part] = read(name, file);
  }
  return tls;
}

function saslOf({ KAFKA_SASL_MECHANISM, KAFKA_USERNAME, KAFKA_PASSWORD }: Config): SASLOptions | null {
  // All or none of them are set.
  if (KAFKA_SASL_MECHANISM === undefined || KAFKA_USERNAME === undefined || KAFKA_PASSWORD === undefined)
    return null;
  return {
    mechanism: KAFKA_SASL_MECHANISM,
    username: KAFKA_USERNAME,
    password: KAFKA_PASSWORD,
  };
}

function read(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${name} is "${file}": it cannot be read (${reason})`);
  }
}
