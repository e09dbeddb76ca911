import { METRICS, REDIS_FAILURES, type MetricDeclaration } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { Inject, Injectable } from '@nestjs/common';
import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { collectedGauge } from './collected.js';

/** What Redis does for this process. There are no such metrics with the embedded store. */
@Injectable()
export class RedisMetrics {
  constructor(@Inject(Engine) { redis }: Engine) {
    if (redis === null) return;
    const { redisLatency, redisErrors, redisRejected } = METRICS;
    const buckets = [...redisLatency.buckets];
    const latency = getOrCreateMetric('Histogram', { ...options(redisLatency), buckets }) as Histogram;
    const errors = getOrCreateMetric('Counter', options(redisErrors)) as Counter;
    const rejected = getOrCreateMetric('Counter', options(redisRejected)) as Counter;
    // A rate needs the series before its first error.
    for (const failure of REDIS_FAILURES) errors.labels({ failure }).inc(0);
    redis.observeWith((seconds, failure) => {
      latency.observe(seconds);
      if (failure !== null) errors.inc({ failure });
      if (failure === 'exhausted') rejected.inc();
    });
    collectedGauge(METRICS.redisConnections, () => redis.state.connections);
    collectedGauge(METRICS.redisInFlight, () => redis.state.inFlight);
    collectedGauge(METRICS.redisQueued, () => redis.state.queued);
  }
}

function options({ name, help, labels }: MetricDeclaration) {
  return { name, help, labelNames: [...labels] };
}
