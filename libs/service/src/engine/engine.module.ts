import { Engine } from '@fraud/scoring';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { EngineWatch } from './engine-watch.js';

/** Joins the engine to the metrics, and closes it after the last answer. */
@Module({})
export class EngineModule implements OnApplicationShutdown {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(EngineWatch) watch: EngineWatch,
  ) {
    engine.observeWith(watch);
  }

  static with(engine: Engine): DynamicModule {
    return {
      module: EngineModule,
      global: true,
      providers: [{ provide: Engine, useValue: engine }, EngineWatch],
      exports: [Engine],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.engine.close();
  }
}
