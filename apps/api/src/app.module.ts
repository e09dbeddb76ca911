import type { Engine } from '@fraud/scoring';
import type { Config } from '@fraud/platform';
import {
  EngineModule,
  HealthModule,
  LabelRecordsModule,
  MetricsModule,
  type LabelRecords,
} from '@fraud/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { BypassModule } from './bypass/bypass.module.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { DriftModule } from './drift/drift.module.js';
import { LabelsModule } from './labels/labels.module.js';
import { PolicyModule } from './policy/policy.module.js';
import { RulesModule } from './rules/rules.module.js';
import { RecordsModule } from './records/records.module.js';
import { ModelsModule } from './models/models.module.js';

/** The HTTP application. */
@Module({})
export class AppModule {
  /** @param records null: they are switched off */
  static with(engine: Engine, config: Config, records: LabelRecords | null): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MetricsModule.for('api', config),
        EngineModule.with(engine, config),
        LabelRecordsModule.with(records, config),
        DecisionsModule,
        LabelsModule.with(config),
        ModelsModule.with(config),
        RecordsModule.with(config),
        BypassModule.with(config),
        PolicyModule.with(config),
        RulesModule.with(config),
        DriftModule.with(config),
        HealthModule.with(config),
      ],
    };
  }
}
