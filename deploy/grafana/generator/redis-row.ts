import * as units from '@grafana/grafana-foundation-sdk/units';
import { METRICS } from '@fraud/platform';
import type { DashboardRow } from './dashboard.js';
import { over, peak, quantile, rate } from './promql.js';

const BY_INSTANCE = { by: ['instance'] } as const;

export const REDIS_ROW: DashboardRow = {
  title: 'Redis',
  panels: [
    {
      title: 'Redis',
      about: '1: it answers and takes writes. RedisDown fires at once where it does not.',
      unit: units.Short,
      queries: [[over('min', METRICS.redisUp, BY_INSTANCE), '{{instance}}']],
      as: 'states',
      redBelow: 1,
      runbook: '5-redis-connection-failure',
    },
    {
      title: 'Latency of Redis',
      about: 'As instances see it, what they gave up included.',
      unit: units.Seconds,
      queries: [
        [quantile(0.5, METRICS.redisLatency), 'p50'],
        [quantile(0.99, METRICS.redisLatency), 'p99'],
      ],
      runbook: '1-high-latency',
    },
    {
      title: 'Failures of Redis',
      about: 'By what failed.',
      unit: units.OpsPerSecond,
      queries: [[rate(METRICS.redisErrors, { by: ['failure'] }), '{{failure}}']],
      runbook: '5-redis-connection-failure',
    },
    {
      title: 'Pool of connections',
      about:
        'The most at a scrape. Where exchanges wait or are refused, the pool is too small (REDIS_POOL_SIZE), or Redis too slow.',
      unit: units.Short,
      queries: [
        [peak(METRICS.redisInFlight), 'in flight'],
        [peak(METRICS.redisQueued), 'waiting'],
        [over('sum', METRICS.redisConnections), 'connections'],
        [rate(METRICS.redisRejected), 'refused, a second'],
      ],
      runbook: '1-high-latency',
    },
    {
      title: 'Histories behind',
      about: 'Age of the oldest decision that the histories do not know.',
      unit: units.Seconds,
      queries: [[over('max', METRICS.storeBehind, BY_INSTANCE), '{{instance}}']],
    },
    {
      title: 'Transactions that histories wait for',
      about: 'Answered without the store, and not there yet.',
      unit: units.Short,
      queries: [[over('sum', METRICS.historiesWaiting, BY_INSTANCE), '{{instance}}']],
    },
  ],
};
