import { Redis } from 'ioredis';
import { ConfigError } from './config.js';
import { connectorInto, type ReplyArena } from './redis-replies.js';
import { databaseOf } from './redis-url.js';

export type { Redis } from 'ioredis';

/**
 * Opens a Redis connection fit for a latency budget: a command on a broken connection fails at once
 * instead of queueing, nothing is retried behind the caller's back, and a connection on which nothing
 * comes back for two seconds is replaced. The caller attaches `error`; reconnecting goes on forever.
 * @param replies where replies are read into; without it, into buffers of their own
 */
export function openRedis(url: string, replies?: ReplyArena): Redis {
  return new Redis(url, {
    ...(replies === undefined ? {} : { Connector: connectorInto(replies) }),
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 1000,
    socketTimeout: 2000,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
  });
}

/**
 * Connects. A Redis that is away is no reason not to start, one that refuses is: a wrong password, or a
 * database that it does not have (ioredis would use database 0 without a word).
 * @throws ConfigError
 */
export async function connectRedis(redis: Redis, url: string): Promise<void> {
  let refusal: Error | undefined;
  // A reply, so somebody is there; everything else is a connection that failed. A failed AUTH is only an event.
  const note = (cause: unknown): void => {
    if (cause instanceof Error && cause.name === 'ReplyError') refusal = cause;
  };
  redis.on('error', note);
  try {
    await redis.connect();
    await redis.select(databaseOf(url));
  } catch (cause) {
    note(cause);
  } finally {
    redis.off('error', note);
  }
  if (refusal === undefined) return;
  redis.disconnect();
  throw new ConfigError(`REDIS_URL names a Redis that refuses: ${refusal.message}`);
}
