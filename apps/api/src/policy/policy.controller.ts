import { Engine } from '@fraud/scoring';
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';

/** The policy in force, for administrators: who knows the thresholds knows how to stay below them. */
@ApiTags('policy')
@UseGuards(AdminGuard)
@Controller('v1/policy')
export class PolicyController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get()
  @ApiOperation({
    summary:
      'The policy in force in this process, and whether POLICY_FILE holds another one that was refused',
    operationId: 'policy',
  })
  @ApiResponse({
    status: 200,
    description: '`refused` says why the file is not in force, null where it is; `guard` what the guard sees',
  })
  policy(): object {
    const { inForce, since, refused } = this.engine.policy;
    const { guard } = this.engine;
    return { version: inForce.version, since: since.toISOString(), policy: inForce.content, refused, guard };
  }
}
