import { readFileSync } from 'node:fs';
import { ConfigError } from '../config-error.js';
import type { Config } from '../config.js';
import { parseAddress, type Address } from '../address.js';

/** How to reach the Redis that holds the state: one server, the primary that sentinels name, or a cluster. */
export type RedisSettings =
  | ({ readonly topology: 'single'; readonly url: string } & Access)
  | ({
      readonly topology: 'sentinel';
      readonly sentinels: readonly Address[];
      readonly master: string;
      readonly database: number;
      readonly sentinelUsername: string | undefined;
      readonly sentinelPassword: string | undefined;
    } & Access)
  | ({ readonly topology: 'cluster'; readonly nodes: readonly Address[] } & Access);

interface Access {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Null: no TLS. The authorities that are trusted beside, or instead of, those of the system. */
  readonly tls: { readonly ca?: Buffer } | null;
}

/**
 * What the configuration says about Redis; null where it names none.
 * @throws ConfigError where a file that it names cannot be read
 */
export function redisSettings(config: Config): RedisSettings | null {
  const access = {
    username: config.REDIS_USERNAME,
    password: config.REDIS_PASSWORD,
    tls: tlsOf(config),
  };
  if (config.REDIS_URL !== undefined) return { topology: 'single', url: config.REDIS_URL, ...access };
  if (config.REDIS_SENTINELS !== undefined) {
    return {
      topology: 'sentinel',
      sentinels: addresses(config.REDIS_SENTINELS),
      master: config.REDIS_MASTER_NAME,
      database: config.REDIS_DATABASE,
      sentinelUsername: config.REDIS_SENTINEL_USERNAME,
      sentinelPassword: config.REDIS_SENTINEL_PASSWORD,
      ...access,
    };
  }
  if (config.REDIS_CLUSTER_NODES === undefined) return null;
  return { topology: 'cluster', nodes: addresses(config.REDIS_CLUSTER_NODES), ...access };
}

const addresses = (list: string): Address[] => list.split(',').map(parseAddress);

function tlsOf({ REDIS_URL, REDIS_TLS, REDIS_TLS_CA_FILE }: Config): { ca?: Buffer } | null {
  const wanted = REDIS_TLS === 'true' || REDIS_URL?.startsWith('rediss:') === true;
  if (!wanted) return null;
  if (REDIS_TLS_CA_FILE === undefined) return {};
  try {
    return { ca: readFileSync(REDIS_TLS_CA_FILE) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`REDIS_TLS_CA_FILE is "${REDIS_TLS_CA_FILE}": it cannot be read (${reason})`);
  }
}
