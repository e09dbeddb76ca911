import type { Config } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ScoringMetrics } from '../metrics/scoring-metrics.js';
import { LabelApplier } from './label-applier.js';
import { LABEL_SKEW_MS, LabelIntake } from './label-intake.js';
import { LABEL_RECORDS, type LabelRecords } from './label-records.js';

/** Takes labels for the doors of an application, and tells features of them while it runs. */
@Module({})
export class LabelRecordsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly applier: LabelApplier | null;

  constructor(
    @Inject(LABEL_RECORDS) records: LabelRecords | null,
    @Inject(Engine) engine: Engine,
    @Inject(ScoringMetrics) metrics: ScoringMetrics,
  ) {
    this.applier =
      records === null
        ? null
        : new LabelApplier(records.store, engine, (...failure) => {
            metrics.failed(...failure);
          });
  }

  /** @param records null: they are switched off, and labels are refused */
  static with(records: LabelRecords | null, { FUTURE_SKEW_S }: Pick<Config, 'FUTURE_SKEW_S'>): DynamicModule {
    return {
      module: LabelRecordsModule,
      global: true,
      providers: [
        { provide: LABEL_RECORDS, useValue: records },
        { provide: LABEL_SKEW_MS, useValue: FUTURE_SKEW_S * 1000 },
        LabelIntake,
      ],
      exports: [LABEL_RECORDS, LabelIntake],
    };
  }

  onApplicationBootstrap(): void {
    this.applier?.start();
  }

  /** Before the engine and the records close. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.applier?.close();
  }
}
