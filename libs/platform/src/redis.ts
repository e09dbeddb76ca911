import { Redis } from 'ioredis';

export type { Redis } from 'ioredis';

/**
 * Opens a Redis connection fit for a latency budget: a command on a broken connection fails at once
 * instead of queueing, nothing is retried behind the caller's back, and a connection on which nothing
 * comes back for two seconds is replaced. The caller attaches `error`; reconnecting goes on forever.
 */
export function openRedis(url: string): Redis {
  return new Redis(url, {
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
