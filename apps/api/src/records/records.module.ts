import type { Config } from '@fraud/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { ADMIN_SETTINGS, hasAdmin } from '../admin/admin.guard.js';
import { ErasuresController } from './erasures.controller.js';
import { RecordsController } from './records.controller.js';

/** Reading records, where there may be an administrator. */
@Module({})
export class RecordsModule {
  static with(config: Config): DynamicModule {
    return {
      module: RecordsModule,
      controllers: hasAdmin(config) ? [RecordsController, ErasuresController] : [],
      providers: [{ provide: ADMIN_SETTINGS, useValue: config }],
    };
  }
}
