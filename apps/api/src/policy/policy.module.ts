import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_SETTINGS, hasAdmin } from '../admin/admin.guard.js';
import { PolicyController } from './policy.controller.js';

/** The policy in force, where there may be an administrator. */
@Module({})
export class PolicyModule {
  static with(config: Config): DynamicModule {
    return {
      module: PolicyModule,
      controllers: hasAdmin(config) ? [PolicyController] : [],
      providers: [{ provide: ADMIN_SETTINGS, useValue: config }],
    };
  }
}
