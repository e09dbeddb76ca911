import { Global, Module, type Provider } from '@nestjs/common';
import { METRICS, type MetricDeclaration, type MetricKey } from '@fraud/platform';
import {
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
  PrometheusModule,
} from '@willsoto/nestjs-prometheus';
import { ScoringMetrics } from './scoring-metrics.js';

/** Made on first use instead: it must be absent where there is nothing to measure. */
const OPTIONAL: readonly MetricKey[] = ['redisUp'];

const providers: Provider[] = Object.entries(METRICS)
  .filter(([key]) => !OPTIONAL.includes(key as MetricKey))
  .map(([, declaration]) => provide(declaration));

/** The metrics of the product, and /metrics. */
@Global()
@Module({
  imports: [PrometheusModule.register({ path: '/metrics', defaultMetrics: { enabled: true } })],
  providers: [...providers, ScoringMetrics],
  exports: [ScoringMetrics],
})
export class MetricsModule {}

function provide({ name, kind, help, labels, buckets }: MetricDeclaration): Provider {
  const common = { name, help, labelNames: [...labels] };
  if (kind === 'histogram') return makeHistogramProvider({ ...common, buckets: [...(buckets ?? [])] });
  return kind === 'counter' ? makeCounterProvider(common) : makeGaugeProvider(common);
}
