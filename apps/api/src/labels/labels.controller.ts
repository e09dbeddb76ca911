import { problem, type Problem } from '@fraud/contract';
import { LabelIntake, ScoringMetrics } from '@fraud/service';
import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { sendProblem } from '../errors/send-problem.js';
import { readLabels } from './read-labels.js';

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });
const problems = { 'application/problem+json': { schema: ref('Problem') } };

/** The door for what became known of transactions. */
@ApiTags('labels')
@Controller('v1/labels')
export class LabelsController {
  constructor(
    @Inject(LabelIntake) private readonly intake: LabelIntake,
    @Inject(ScoringMetrics) private readonly metrics: ScoringMetrics,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Say what became known of one transaction, or of up to 1,000',
    description:
      'A label may come before its decision is recorded, and be told again: of two labels of a transaction the one that became ' +
      'known later holds. What is answered with 202 is kept, also if the process ends right then. Features know of it within seconds.',
    operationId: 'label',
  })
  @ApiBody({ required: true, schema: { oneOf: [ref('Label'), ref('Labels')] } })
  @ApiResponse({
    status: 202,
    description: 'All of them are kept',
    content: { 'application/json': { schema: ref('LabelsAnswer') } },
  })
  @ApiResponse({
    status: 400,
    description: 'Not valid; every wrong field is named, none is kept',
    content: problems,
  })
  @ApiResponse({
    status: 503,
    description: 'The records take nothing, or are switched off; none is kept',
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
    content: problems,
  })
  label(@Body() body: unknown, @Res() reply: FastifyReply): void {
    const read = readLabels(body, (value, path) => this.intake.parse(value, path));
    if ('problem' in read) {
      this.refuse(reply, read.problem);
    } else if (this.intake.take(read.labels)) {
      void reply.header('content-type', 'application/json; charset=utf-8');
      void reply.status(202).send(JSON.stringify({ accepted: read.labels.length }));
    } else {
      this.refuse(reply, problem('records_unavailable'));
    }
  }

  private refuse(reply: FastifyReply, refused: Problem): void {
    this.metrics.failed(refused.code, 1);
    sendProblem(reply, refused);
  }
}
