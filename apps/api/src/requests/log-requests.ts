import type { Decision, Problem } from '@fraud/contract';
import type { LogEntry } from '@fraud/service';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceIdOf } from './trace-id.js';

/** A line for each request under /v1 that was not simply approved; for debugging alone. */
export function logRequests(app: NestFastifyApplication): void {
  const logger = new Logger('Api');
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload: unknown, done) => {
      if (request.url.startsWith('/v1/')) {
        const entry = lineOf(request, reply, payload);
        if (entry !== null) logger.debug(entry);
      }
      done(null, payload);
    });
}

function lineOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): LogEntry | null {
  const said = parse(payload);
  if (said.decision === 'approve') return null;
  const { method, routeOptions, id } = request;
  const route = routeOptions.url ?? 'no route';
  return {
    message: `${method} ${route}: ${reply.statusCode}`,
    request_id: id,
    trace_id: traceIdOf(request),
    status: reply.statusCode,
    transaction_id: said.transaction_id,
    decision_id: said.decision_id,
    decision: said.decision,
    code: said.code,
    // Names and what is wrong with them, never values.
    errors: said.errors,
  };
}

function parse(payload: unknown): Partial<Decision & Problem> {
  if (typeof payload !== 'string') return {};
  try {
    return JSON.parse(payload) as Partial<Decision & Problem>;
  } catch {
    return {};
  }
}
