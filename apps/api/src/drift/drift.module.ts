import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_SETTINGS, hasAdmin } from '../admin/admin.guard.js';
import { DriftController } from './drift.controller.js';

/** How far traffic is from what the models were trained on, where there may be an administrator. */
@Module({})
export class DriftModule {
  static with(config: Config): DynamicModule {
    return {
      module: DriftModule,
      controllers: hasAdmin(config) ? [DriftController] : [],
      providers: [{ provide: ADMIN_SETTINGS, useValue: config }],
    };
  }
}
