import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_SETTINGS, hasAdmin } from '../admin/admin.guard.js';
import { BypassController } from './bypass.controller.js';

/** The bypass and its ledger, where there may be an administrator. */
@Module({})
export class BypassModule {
  static with(config: Config): DynamicModule {
    return {
      module: BypassModule,
      controllers: hasAdmin(config) ? [BypassController] : [],
      providers: [{ provide: ADMIN_SETTINGS, useValue: config }],
    };
  }
}
