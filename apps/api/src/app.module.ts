import type { Engine } from '@fraud/scoring';
import type { Config } from '@fraud/platform';
import { EngineModule, HealthModule, MetricsModule } from '@fraud/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DecisionsModule } from './decisions/decisions.module.js';
import { ModelsModule } from './models/models.module.js';

/** The HTTP application. */
@Module({})
export class AppModule {
  static with(engine: Engine, config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MetricsModule.for('api'),
        EngineModule.with(engine, config),
        DecisionsModule,
        ModelsModule.with(config),
        HealthModule.with(config),
      ],
    };
  }
}
