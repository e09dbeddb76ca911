import { ModelChangeRefused, ModelRefused } from '@fraud/model';
import { ControlUnavailable } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { Body, Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';
import { ProblemError } from '../errors/problem-error.js';
import { describeModels } from './describe-models.js';

const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;
const BODY = {
  type: 'object',
  required: ['version'],
  properties: { version: { type: 'string', pattern: VERSION.source } },
};
/** Until there are keys with names. */
const BY = 'administrator';

const refused = ApiResponse({ status: 422, description: 'The model must not run; `errors` says why' });
const shared = ApiResponse({ status: 503, description: 'The change could not be shared, and was not made' });

/** What an administrator changes holds for all instances: each follows within two seconds. */
@ApiTags('models')
@UseGuards(AdminGuard)
@Controller('v1/models')
export class ModelsAdminController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Post('load')
  @HttpCode(200)
  @ApiOperation({ summary: 'Verify a version, and have every instance hold it ready', operationId: 'loadModel' })
  @ApiBody({ required: true, schema: BODY })
  @refused
  @shared
  load(@Body() body: unknown): Promise<object> {
    return this.change(body, (version) => this.engine.models.load(version, BY));
  }

  @Post('activate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Verify a version, and have every instance decide by it', operationId: 'activateModel' })
  @ApiBody({ required: true, schema: BODY })
  @ApiResponse({ status: 409, description: 'MODEL_VERSION is set, and wins' })
  @refused
  @shared
  activate(@Body() body: unknown): Promise<object> {
    return this.change(body, (version) => this.engine.models.activate(version, BY));
  }

  @Post('rollback')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Have every instance decide by the version that was active before',
    operationId: 'rollbackModel',
  })
  @ApiResponse({ status: 409, description: 'MODEL_VERSION is set, and wins; or no other version was active before' })
  @refused
  @shared
  rollback(): Promise<object> {
    return this.carryOut(() => this.engine.models.rollback(BY));
  }

  private async change(body: unknown, change: (version: string) => Promise<void>): Promise<object> {
    const version = typeof body === 'object' && body !== null ? (body as { version?: unknown }).version : undefined;
    if (typeof version !== 'string' || !VERSION.test(version)) {
      const message = 'must be a version: letters, digits, dots, dashes, underscores, plus signs';
      const code = version === undefined ? 'required' : 'format';
      throw new ProblemError('invalid_change', { errors: [{ field: 'version', code, message }] });
    }
    return await this.carryOut(() => change(version));
  }

  private async carryOut(change: () => Promise<void>): Promise<object> {
    try {
      await change();
    } catch (cause) {
      throw toProblem(cause);
    }
    return describeModels(this.engine);
  }
}

function toProblem(cause: unknown): unknown {
  if (cause instanceof ModelRefused) {
    const errors = [{ field: 'version', code: cause.reason, message: cause.message }];
    return new ProblemError('model_refused', { errors });
  }
  if (cause instanceof ModelChangeRefused) {
    const code = cause.code === 'control_contended' ? 'control_unavailable' : cause.code;
    return new ProblemError(code, { detail: cause.message });
  }
  // What failed names hosts: it is for the log.
  return cause instanceof ControlUnavailable ? new ProblemError('control_unavailable') : cause;
}
