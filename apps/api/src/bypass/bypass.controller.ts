import { ControlContended, ControlUnavailable } from '@fraud/platform';
import { RecordsUnavailable } from '@fraud/records';
import { BypassChangeRefused, Engine, type BypassState } from '@fraud/scoring';
import { Body, Controller, Get, HttpCode, Inject, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../admin/admin.guard.js';
import { ProblemError } from '../errors/problem-error.js';
import { Parameters } from '../parameters.js';
import { MOST_ON_A_PAGE } from '../records/read-query.js';
import { readBypass, readEnd } from './read-bypass.js';

const USUAL_ON_A_PAGE = 50;

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ 'application/json': { schema } });
const problems = { 'application/problem+json': { schema: ref('Problem') } };
const invalid = ApiResponse({
  status: 400,
  description: 'Not valid; every wrong field is named',
  content: problems,
});
const set = ApiResponse({ status: 409, description: 'BYPASS_MODE is set, and wins', content: problems });
const shared = ApiResponse({
  status: 503,
  description: 'The change could not be shared, and was not made: use BYPASS_MODE',
  content: problems,
});

const order = {
  reason: { type: 'string', maxLength: 500 },
  author: { type: 'string', maxLength: 500 },
};

/** The bypass, for administrators: what is changed here holds for all instances within two seconds. */
@ApiTags('bypass')
@UseGuards(AdminGuard)
@Controller('v1/bypass')
export class BypassController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get()
  @ApiOperation({
    summary: 'Whether transactions are approved unscored, by whom and until when',
    operationId: 'bypass',
  })
  @ApiResponse({
    status: 200,
    description: 'How it is in this process, and what it let through since its start',
  })
  state(): BypassState & { readonly let_through: object } {
    const { transactions, amount } = this.engine.wavedThrough;
    return {
      ...this.engine.bypass.state,
      let_through: {
        transactions,
        amount_reference: amount,
        waiting_for_histories: this.engine.historiesWaiting,
      },
    };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Have every instance approve everything, until the time is over or it is ended',
    description:
      'Answers say `source: "bypass"` and `degraded: ["bypassed"]`. Every transaction that is let through stands in the ledger.',
    operationId: 'beginBypass',
  })
  @ApiBody({
    required: true,
    schema: {
      type: 'object',
      required: ['reason', 'author'],
      properties: {
        ...order,
        minutes: { type: 'integer', minimum: 1, description: 'Default and maximum: BYPASS_MAX_MINUTES' },
        doors: { type: 'array', items: { type: 'string', enum: ['http', 'kafka'] }, default: ['http'] },
      },
    },
  })
  @ApiResponse({ status: 200, description: 'It has begun' })
  @invalid
  @set
  @shared
  async begin(@Body() body: unknown): Promise<BypassState> {
    const { bypass } = this.engine;
    const request = readBypass(body, bypass.maxMinutes);
    await changed(bypass.begin(request));
    return bypass.state;
  }

  @Post('end')
  @HttpCode(200)
  @ApiOperation({ summary: 'Have every instance score again', operationId: 'endBypass' })
  @ApiBody({
    required: true,
    schema: { type: 'object', required: ['author'], properties: { author: order.author } },
  })
  @ApiResponse({ status: 200, description: 'There is none any more' })
  @invalid
  @set
  @shared
  async end(@Body() body: unknown): Promise<BypassState> {
    const { bypass } = this.engine;
    const { author } = readEnd(body);
    await changed(bypass.end(author));
    return bypass.state;
  }

  @Get('ledger')
  @ApiOperation({ summary: 'What was let through, in its order', operationId: 'bypassLedger' })
  @ApiQuery({ name: 'from', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({ name: 'to', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: MOST_ON_A_PAGE },
  })
  @ApiQuery({ name: 'cursor', required: false, schema: { type: 'string' } })
  @ApiResponse({
    status: 200,
    description: '`entries`, and `next_cursor`, null on the last page',
    content: json({ type: 'object', properties: { entries: { type: 'array', items: { type: 'object' } } } }),
  })
  @invalid
  @ApiResponse({ status: 503, description: 'The records cannot be asked', content: problems })
  async ledger(@Query() given: Readonly<Record<string, unknown>>): Promise<object> {
    const read = new Parameters(given, ['from', 'to', 'limit', 'cursor']);
    const [fromMs, toMs, cursor] = [read.moment('from'), read.moment('to'), read.text('cursor')];
    const query = read.valid({
      limit: read.whole('limit', 1, MOST_ON_A_PAGE, USUAL_ON_A_PAGE),
      ...(fromMs !== undefined && { fromMs }),
      ...(toMs !== undefined && { toMs }),
      ...(cursor !== undefined && { cursor }),
    });
    const { records } = this.engine;
    if (records === null) throw new ProblemError('records_unavailable', { detail: 'RECORDS is off' });
    try {
      const { entries, next } = await records.store.bypassed(query);
      return { entries, next_cursor: next };
    } catch (cause) {
      if (cause instanceof RecordsUnavailable) throw new ProblemError('records_unavailable');
      if (!(cause instanceof RangeError)) throw cause;
      const error = { field: 'cursor', code: 'format', message: 'is not one that a page gave' };
      throw new ProblemError('invalid_query', { errors: [error] });
    }
  }
}

async function changed(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (cause) {
    if (cause instanceof BypassChangeRefused) throw new ProblemError(cause.code, { detail: cause.message });
    if (cause instanceof ControlUnavailable || cause instanceof ControlContended)
      throw new ProblemError('control_unavailable');
    throw cause;
  }
}
