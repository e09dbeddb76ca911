import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_SETTINGS, hasAdmin } from '../admin/admin.guard.js';
import { LabelsAdminController } from './labels-admin.controller.js';
import { LabelsController } from './labels.controller.js';
import { QualityController } from './quality.controller.js';

/** Labels; and, where there may be an administrator, what they say. */
@Module({})
export class LabelsModule {
  static with(config: Config): DynamicModule {
    return {
      module: LabelsModule,
      controllers: hasAdmin(config)
        ? [LabelsController, LabelsAdminController, QualityController]
        : [LabelsController],
      providers: [{ provide: ADMIN_SETTINGS, useValue: config }],
    };
  }
}
