import { Engine } from '@fraud/scoring';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { describeModels } from './describe-models.js';

@ApiTags('models')
@Controller('v1/models')
export class ModelsController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get()
  @ApiOperation({
    summary: 'Which models score, since when, and what all instances want',
    operationId: 'models',
  })
  @ApiResponse({ status: 200, description: 'The models of this instance; the newest attempts to load first' })
  models(): object {
    return describeModels(this.engine);
  }
}
