import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { connectorInto, type ReplyArena } from './replies.js';
import type { RedisSettings } from './settings.js';

export type { Cluster, Redis } from 'ioredis';

/** A Redis that is one server for its client: it is, or sentinels name it. */
export type ServerSettings = Exclude<RedisSettings, { topology: 'cluster' }>;
export type ClusterSettings = Extract<RedisSettings, { topology: 'cluster' }>;

/**
 * Fit for a latency budget: a command on a broken connection fails at once instead of queueing, nothing is
 * retried behind the caller's back, and a connection on which nothing comes back for two seconds is replaced.
 */
const IN_TIME = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: 1000,
  socketTimeout: 2000,
} satisfies RedisOptions;

const retryDelayMs = (attempt: number): number => Math.min(50 * attempt, 1000);

const SERVER = {
  ...IN_TIME,
  retryStrategy: retryDelayMs,
  // It was made a replica: whoever is the primary now is behind the same address, or the sentinels know.
  reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 1 : false),
} satisfies RedisOptions;

/**
 * Opens a Redis connection that fails in time. The caller attaches `error`; reconnecting goes on forever.
 * @param settings a URL, or more
 * @param replies where replies are read into; without it, and with TLS or sentinels, into buffers of their own
 */
export function openRedis(settings: string | ServerSettings, replies?: ReplyArena): Redis {
  const into = replies === undefined ? {} : { Connector: connectorInto(replies) };
  if (typeof settings === 'string') return new Redis(settings, { ...into, ...SERVER });
  const access = accessOf(settings);
  if (settings.topology === 'single') {
    return new Redis(settings.url, { ...(settings.tls === null ? into : {}), ...SERVER, ...access });
  }
  return new Redis({
    ...SERVER,
    ...access,
    sentinels: [...settings.sentinels],
    name: settings.master,
    db: settings.database,
    ...(settings.tls === null ? {} : { enableTLSForSentinelMode: true, sentinelTLS: settings.tls }),
    ...(settings.sentinelUsername === undefined ? {} : { sentinelUsername: settings.sentinelUsername }),
    ...(settings.sentinelPassword === undefined ? {} : { sentinelPassword: settings.sentinelPassword }),
    sentinelRetryStrategy: retryDelayMs,
    sentinelCommandTimeout: 500,
  });
}

/**
 * Opens a client of a cluster that fails in time. The caller attaches `error` and `node error`; looking for nodes goes
 * on forever. A command is sent again only where a node has refused it.
 */
export function openCluster(settings: ClusterSettings): Cluster {
  return new Cluster([...settings.nodes], {
    lazyConnect: true,
    enableOfflineQueue: false,
    redisOptions: { ...IN_TIME, ...accessOf(settings) },
    clusterRetryStrategy: retryDelayMs,
    slotsRefreshTimeout: 500,
    slotsRefreshInterval: 1000,
    maxRedirections: 4,
    retryDelayOnTryAgain: 20,
    // Zero: not at all. What was under way on a connection that broke may have been carried out.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
  });
}

function accessOf({ username, password, tls }: RedisSettings) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === null ? {} : { tls }),
  };
}
