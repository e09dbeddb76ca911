import { Engine } from '@fraud/scoring';
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';

/** The rules in force, for administrators: who knows them knows how to stay below them. */
@ApiTags('rules')
@UseGuards(AdminGuard)
@Controller('v1/rules')
export class RulesController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get()
  @ApiOperation({
    summary: 'The rules in force in this process, and whether RULES_FILE holds others that were refused',
    operationId: 'rules',
  })
  @ApiResponse({
    status: 200,
    description:
      'Each rule as it stands in the file; `refused` says why the file is not in force, with line and column, null where it is',
  })
  rules(): object {
    const { inForce, since, refused } = this.engine.rules;
    const rules = inForce.rules.map(({ program: _, fromMs: __, untilMs: ___, ...rule }) => rule);
    return { version: inForce.version, since: since.toISOString(), rules, refused };
  }
}
