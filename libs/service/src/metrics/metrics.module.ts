import { METRICS, type Config, type MetricDeclaration } from '@fraud/platform';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import {
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
  PrometheusModule,
} from '@willsoto/nestjs-prometheus';
import { MetricsController } from './metrics.controller.js';
import { ModelMetrics } from './model-metrics.js';
import { NetworkMetrics } from './network-metrics.js';
import { DEBUGGING, ScoringMetrics } from './scoring-metrics.js';
import { TextMetrics } from './text-metrics.js';

/** The metrics of an application, and /metrics. */
@Module({})
export class MetricsModule {
  static for(app: 'api' | 'consumer', { LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>): DynamicModule {
    const providers = Object.values<MetricDeclaration>(METRICS)
      .filter((metric) => metric.optional !== true && (metric.app ?? app) === app)
      .map(provide);
    return {
      module: MetricsModule,
      global: true,
      imports: [
        PrometheusModule.register({
          path: '/metrics',
          controller: MetricsController,
          defaultMetrics: { enabled: true },
        }),
      ],
      providers: [
        ...providers,
        { provide: DEBUGGING, useValue: LOG_LEVEL === 'debug' },
        TextMetrics,
        ScoringMetrics,
        ModelMetrics,
        NetworkMetrics,
      ],
      exports: [...providers, TextMetrics, ScoringMetrics, ModelMetrics],
    };
  }
}

function provide({ name, kind, help, labels, buckets }: MetricDeclaration): Provider {
  const common = { name, help, labelNames: [...labels] };
  if (kind === 'histogram') return makeHistogramProvider({ ...common, buckets: [...(buckets ?? [])] });
  return kind === 'counter' ? makeCounterProvider(common) : makeGaugeProvider(common);
}
