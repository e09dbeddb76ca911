import { RecordsUnavailable, type DecisionRecord, type RecordsPage, type RecordsStore } from '@fraud/records';
import { Engine } from '@fraud/scoring';
import { applyDecorators, Controller, Get, Inject, Param, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AdminGuard } from '../admin/admin.guard.js';
import { ProblemError } from '../errors/problem-error.js';
import { FORMATS, recordsOf, toNdjson, toParquet } from './export.js';
import {
  HISTORY_DAYS,
  MOST_ON_A_PAGE,
  readExportQuery,
  readHistoryQuery,
  readPageQuery,
} from './read-query.js';
import { showRecord } from './show-record.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A decision that was answered just now is on its way to the database. */
const ON_ITS_WAY_MS = 2000;

const away = ApiResponse({ status: 503, description: 'The records are away, or switched off' });
const unknown = ApiResponse({ status: 404, description: 'No such decision is recorded' });
const wrong = ApiResponse({ status: 400, description: 'Not valid; every wrong parameter is named' });
const byId = ApiParam({ name: 'decision_id', schema: { type: 'string', format: 'uuid' } });
const FILTERS = {
  transaction_id: 'Of this transaction',
  card_id: 'Of this card',
  decision: 'With this outcome',
  source: 'Produced by this',
  from: 'Decided at or after: a date, or an RFC 3339 date-time',
  to: 'Decided before',
  order: '`newest` or `oldest` first',
};
const PAGING = {
  limit: `On a page, 1 to ${MOST_ON_A_PAGE}; default 50`,
  cursor: '`next_cursor` of the page before',
};
const queries = (parameters: Readonly<Record<string, string>>): MethodDecorator =>
  applyDecorators(
    ...Object.entries(parameters).map(([name, description]) =>
      ApiQuery({ name, description, required: false, schema: { type: 'string' } }),
    ),
  );

/** What was decided and why, for administrators. */
@ApiTags('records')
@UseGuards(AdminGuard)
@Controller('v1')
export class RecordsController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get('decisions')
  @ApiOperation({
    summary: 'Recorded decisions, a page at a time',
    description: 'What is recorded while one pages moves nothing: no decision is on two pages.',
    operationId: 'decisions',
  })
  @queries({ ...FILTERS, ...PAGING })
  @ApiResponse({ status: 200, description: '`decisions`, and `next_cursor`: null on the last page' })
  @wrong
  @away
  async page(@Query() given: Readonly<Record<string, unknown>>): Promise<object> {
    const query = readPageQuery(given);
    return shown(await this.ask((store) => store.page(query)));
  }

  @Get('decisions/export')
  @ApiOperation({ summary: 'Recorded decisions as a file', operationId: 'exportDecisions' })
  @ApiQuery({
    name: 'format',
    schema: { type: 'string', enum: Object.keys(FORMATS), default: 'ndjson' },
    required: false,
  })
  @queries(FILTERS)
  @ApiResponse({ status: 200, description: 'NDJSON, a record a line, or Parquet' })
  @wrong
  @away
  async export(@Query() given: Readonly<Record<string, unknown>>, @Res() reply: FastifyReply): Promise<void> {
    const { format, query } = readExportQuery(given);
    const stream = await this.ask(async (store) => {
      const pages = recordsOf(store, query);
      // What fails at the first page is an answer; what fails later cuts the file off.
      const first = await pages.next();
      const all = (async function* () {
        if (first.done !== true) yield first.value;
        yield* pages;
      })();
      return format === 'ndjson' ? toNdjson(all) : await toParquet(all);
    });
    void reply
      .header('content-type', FORMATS[format])
      .header('content-disposition', `attachment; filename="decisions.${format}"`)
      .send(stream);
  }

  @Get('decisions/:decision_id')
  @ApiOperation({ summary: 'A recorded decision, whole', operationId: 'decision' })
  @byId
  @ApiResponse({ status: 200, description: 'What came, what was answered, and all it was computed from' })
  @unknown
  @away
  async one(@Param('decision_id') id: string): Promise<object> {
    const record = await this.find(id);
    const labels = await this.ask((store) => store.labels([record.transaction.transaction_id]));
    return showRecord(record, labels);
  }

  @Get('decisions/:decision_id/history')
  @ApiOperation({
    summary: 'The decisions before one that share its card, merchant, terminal, device or address',
    operationId: 'decisionHistory',
  })
  @byId
  @ApiQuery({ name: 'within_days', required: false, schema: { type: 'integer', default: HISTORY_DAYS } })
  @ApiQuery({ name: 'cursor', required: false, schema: { type: 'string' } })
  @ApiResponse({
    status: 200,
    description: '`decisions` in the order in which they were made, and `next_cursor`',
  })
  @unknown
  @wrong
  @away
  async history(
    @Param('decision_id') id: string,
    @Query() given: Readonly<Record<string, unknown>>,
  ): Promise<object> {
    const { withinMs, cursor } = readHistoryQuery(given);
    await this.find(id);
    return shown(await this.ask((store) => store.history(id, withinMs, MOST_ON_A_PAGE, cursor)));
  }

  @Get('artefacts/:name/:version')
  @ApiOperation({
    summary: 'What a version in an answer stands for: policy, rules or fx, as it was read',
    operationId: 'artefact',
  })
  @ApiParam({ name: 'name', schema: { type: 'string', enum: ['policy', 'rules', 'fx'] } })
  @ApiParam({ name: 'version', schema: { type: 'string' } })
  @ApiResponse({ status: 200, description: '`content` is the file' })
  @ApiResponse({ status: 404, description: 'It was never recorded' })
  @away
  async artefact(@Param('name') name: string, @Param('version') version: string): Promise<object> {
    const content = await this.ask((store) => store.artefact(name, version));
    if (content === null) throw new ProblemError('not_found');
    return { name, version, content };
  }

  private async find(id: string): Promise<DecisionRecord> {
    if (!UUID.test(id)) throw new ProblemError('decision_not_found');
    const found = await this.ask(async (store) => {
      const record = await store.get(id).catch(untilOpen);
      if (record !== null) return record;
      await this.engine.records?.caughtUp(ON_ITS_WAY_MS);
      return await store.get(id);
    });
    if (found === null) throw new ProblemError('decision_not_found');
    return found;
  }

  private async ask<T>(question: (store: RecordsStore) => Promise<T>): Promise<T> {
    const { records } = this.engine;
    if (records === null) throw new ProblemError('records_unavailable', { detail: 'RECORDS is off' });
    try {
      return await question(records.store);
    } catch (cause) {
      if (cause instanceof RecordsUnavailable) throw new ProblemError('records_unavailable');
      if (cause instanceof RangeError) {
        const error = { field: 'cursor', code: 'format', message: 'is not one that a page gave' };
        throw new ProblemError('invalid_query', { errors: [error] });
      }
      throw cause;
    }
  }
}

/** A database that is still opening may be open when what waits for it has come to it. */
function untilOpen(cause: unknown): null {
  if (cause instanceof RecordsUnavailable) return null;
  throw cause;
}

const shown = ({ records, next }: RecordsPage): object => ({ decisions: records, next_cursor: next });
