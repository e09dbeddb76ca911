import { join } from 'node:path';
import type { Config } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DriftExposition } from '../drift/drift-exposition.js';
import { GuardMetrics } from '../metrics/guard-metrics.js';
import { BreakerMetrics } from '../metrics/breaker-metrics.js';
import { PolicyMetrics } from '../metrics/policy-metrics.js';
import { RulesMetrics } from '../metrics/rules-metrics.js';
import { RecordMetrics } from '../metrics/record-metrics.js';
import { BypassWatch } from '../bypass/bypass-watch.js';
import { StoreMetrics } from '../metrics/store-metrics.js';
import { EngineWatch, SHADOW_DIRECTORY } from './engine-watch.js';

/** Joins the engine to the metrics, and closes it after the last answer. */
@Module({})
export class EngineModule implements OnApplicationShutdown {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(EngineWatch) private readonly watch: EngineWatch,
  ) {
    engine.observeWith(watch);
  }

  static with(engine: Engine, { DATA_DIR }: Pick<Config, 'DATA_DIR'>): DynamicModule {
    return {
      module: EngineModule,
      global: true,
      providers: [
        { provide: Engine, useValue: engine },
        { provide: SHADOW_DIRECTORY, useValue: join(DATA_DIR, 'shadow') },
        RecordMetrics,
        PolicyMetrics,
        RulesMetrics,
        BreakerMetrics,
        GuardMetrics,
        StoreMetrics,
        DriftExposition,
        EngineWatch,
        BypassWatch,
      ],
      exports: [Engine],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.engine.close();
    await this.watch.close();
  }
}
