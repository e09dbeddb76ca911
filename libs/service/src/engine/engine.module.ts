import { Engine } from '@fraud/scoring';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ScoringMetrics } from '../metrics/scoring-metrics.js';

/** Joins the engine to the metrics, and closes it after the last answer. */
@Module({})
export class EngineModule implements OnApplicationShutdown {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(ScoringMetrics) metrics: ScoringMetrics,
  ) {
    engine.observeWith(metrics);
    metrics.modelLoaded(engine.versions.model, engine.versions.model_sha256, engine.versions.features);
  }

  static with(engine: Engine): DynamicModule {
    return {
      module: EngineModule,
      global: true,
      providers: [{ provide: Engine, useValue: engine }],
      exports: [Engine],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.engine.close();
  }
}
