import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { RedisMetrics } from '../metrics/redis-metrics.js';
import { Draining } from './draining.js';
import { HealthController } from './health.controller.js';
import { Liveness } from './liveness.js';
import { Readiness } from './readiness.js';
import { StoreHealth } from './store-health.js';

/** /health and /ready. */
@Module({})
export class HealthModule {
  static with(config: Config): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      global: true,
      exports: [Liveness, Readiness],
      providers: [
        StoreHealth,
        RedisMetrics,
        Liveness,
        Readiness,
        {
          provide: Draining,
          inject: [HttpAdapterHost],
          useFactory: (host: HttpAdapterHost) => new Draining(host, config.DRAIN_MS),
        },
      ],
    };
  }
}
