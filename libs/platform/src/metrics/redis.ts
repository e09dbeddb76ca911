import type { MetricDeclaration } from './declaration.js';

/** Of Redis, as this process sees it. */
export const REDIS_METRICS = {
  redisUp: {
    name: 'fraud_redis_up',
    kind: 'gauge',
    help: '1 while Redis answers and takes writes, 0 while it does not; absent where no Redis is configured',
    labels: [],
    optional: true,
  },
  redisLatency: {
    name: 'fraud_redis_latency_seconds',
    kind: 'histogram',
    help: 'Time that was waited for Redis, once per exchange; probes included, and what was given up',
    labels: [],
    buckets: [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.1, 0.25, 1],
    optional: true,
  },
  redisErrors: {
    name: 'fraud_redis_errors_total',
    kind: 'counter',
    help: 'Exchanges with Redis that failed: timeout, connection, refused (by Redis), exhausted (the pool)',
    labels: ['failure'],
    optional: true,
  },
  redisConnections: {
    name: 'fraud_redis_pool_connections',
    kind: 'gauge',
    help: 'Size of the pool: connections to Redis, to each node of a cluster',
    labels: [],
    optional: true,
  },
  redisInFlight: {
    name: 'fraud_redis_pool_in_flight',
    kind: 'gauge',
    help: 'Exchanges that were sent to Redis and have no reply yet, those that were given up included',
    labels: [],
    optional: true,
  },
  redisQueued: {
    name: 'fraud_redis_pool_queued',
    kind: 'gauge',
    help: 'Exchanges that wait for a place in the pool',
    labels: [],
    optional: true,
  },
  redisRejected: {
    name: 'fraud_redis_pool_rejected_total',
    kind: 'counter',
    help: 'Exchanges that found no place in the pool; their transactions were decided on default features',
    labels: [],
    optional: true,
  },
} as const satisfies Record<string, MetricDeclaration>;
