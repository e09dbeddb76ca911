import type { Engine } from '@fraud/scoring';
import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { DecisionsModule } from './decisions/decisions.module.js';
import { EngineModule } from './engine/engine.module.js';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';

/** The HTTP application. */
@Module({})
export class AppModule {
  static with(engine: Engine, config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [MetricsModule, EngineModule.with(engine), DecisionsModule, HealthModule.with(config)],
    };
  }
}
