import { problem, type ErrorCode, type Problem } from '@fraud/contract';
import { Engine, type Result } from '@fraud/scoring';
import { ScoringMetrics } from '@fraud/service';
import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { sendProblem } from '../errors/send-problem.js';
import { BUDGET_HEADER, readBudget } from './read-budget.js';
import { readBatch } from './read-batch.js';

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });
const problems = { 'application/problem+json': { schema: ref('Problem') } };

/** The pipeline has counted these already. */
const COUNTED: ReadonlySet<ErrorCode> = new Set(['transaction_conflict', 'records_unavailable']);

const budgetHeader = ApiHeader({
  name: 'X-Latency-Budget-Ms',
  description:
    'How long the decision may take, where that is less than usual; of a batch, each of its transactions. What cannot be had within it is left out, and the answer says so',
  required: false,
  schema: { type: 'integer', minimum: 1 },
});

/** The door for transactions. It writes its answers itself: Nest's own way costs more than the decision. */
@ApiTags('decisions')
@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(ScoringMetrics) private readonly metrics: ScoringMetrics,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide one transaction', operationId: 'decide' })
  @budgetHeader
  @ApiBody({ required: true, schema: ref('Transaction') })
  @ApiResponse({
    status: 200,
    description: 'The decision. A repeat of the same transaction gets the same answer.',
    headers: {
      'Idempotent-Replayed': {
        description: '`true` where this is a stored decision',
        schema: { type: 'string' },
      },
    },
    content: { 'application/json': { schema: ref('Decision') } },
  })
  @ApiResponse({
    status: 400,
    description: 'Not valid; every wrong field is named, nothing is stored',
    content: problems,
  })
  @ApiResponse({
    status: 503,
    description:
      '`overloaded`: more comes than can be decided in time, and nothing was read; `records_unavailable`: it could not be recorded, and the policy says to refuse then',
    headers: {
      'Retry-After': { description: 'Seconds, where it is `overloaded`', schema: { type: 'integer' } },
    },
    content: problems,
  })
  @ApiResponse({ status: 409, description: 'The id was decided with other content', content: problems })
  async decide(
    @Body() body: unknown,
    @Headers(BUDGET_HEADER) header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const budgetMs = readBudget(header);
    const result = await this.engine.scoreOne(body, budgetMs);
    if (result.kind === 'refused') {
      this.refuse(reply, result.problem);
      return;
    }
    if (result.replayed) reply.header('idempotent-replayed', 'true');
    sendJson(reply, result.json ?? JSON.stringify(result.decision));
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Decide up to 500 transactions, in their order',
    description: 'One transaction that is not valid refuses the whole batch, and nothing of it is stored.',
    operationId: 'decideBatch',
  })
  @budgetHeader
  @ApiBody({ required: true, schema: ref('Batch') })
  @ApiResponse({
    status: 200,
    description: 'One entry for each transaction: its decision, or the problem of one that conflicts',
    content: { 'application/json': { schema: ref('BatchAnswer') } },
  })
  @ApiResponse({
    status: 400,
    description: 'Not valid; every wrong field is named, nothing is stored',
    content: problems,
  })
  async decideBatch(
    @Body() body: unknown,
    @Headers(BUDGET_HEADER) header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const budgetMs = readBudget(header);
    const batch = readBatch(body, (value, path) => this.engine.parse(value, path));
    if ('problem' in batch) {
      this.refuse(reply, batch.problem);
      return;
    }
    const results = await this.engine.scoreParsed(batch.transactions, budgetMs);
    sendJson(reply, `{"decisions":[${results.map(entry).join(',')}]}`);
  }

  private refuse(reply: FastifyReply, refused: Problem): void {
    if (!COUNTED.has(refused.code)) this.metrics.failed(refused.code, 1);
    sendProblem(reply, refused);
  }
}

function entry(result: Result): string {
  if (result.kind === 'decided') return result.json ?? JSON.stringify(result.decision);
  return JSON.stringify(problem(result.problem.code));
}

function sendJson(reply: FastifyReply, json: string): void {
  void reply.header('content-type', 'application/json; charset=utf-8').send(json);
}
