import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_SETTINGS, hasAdmin } from '../admin/admin.guard.js';
import { RulesController } from './rules.controller.js';

/** The rules in force, where there may be an administrator. */
@Module({})
export class RulesModule {
  static with(config: Config): DynamicModule {
    return {
      module: RulesModule,
      controllers: hasAdmin(config) ? [RulesController] : [],
      providers: [{ provide: ADMIN_SETTINGS, useValue: config }],
    };
  }
}
