import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_SETTINGS, hasAdmin } from '../admin/admin.guard.js';
import { ModelsAdminController } from './models-admin.controller.js';
import { ModelsController } from './models.controller.js';

/** Which models score; and, where there may be an administrator, changing that. */
@Module({})
export class ModelsModule {
  static with(config: Config): DynamicModule {
    return {
      module: ModelsModule,
      controllers: hasAdmin(config) ? [ModelsController, ModelsAdminController] : [ModelsController],
      providers: [{ provide: ADMIN_SETTINGS, useValue: config }],
    };
  }
}
