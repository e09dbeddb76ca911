import { problem, type ErrorCode } from '@fraud/contract';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LogEntry, ScoringMetrics } from '@fraud/service';
import { traceIdOf } from '../requests/trace-id.js';
import { MalformedJson } from './malformed-json.js';
import { ProblemError } from './problem-error.js';
import { sendProblem } from './send-problem.js';

/**
 * Turns whatever is thrown into a problem document. Messages of others never reach the caller: the JSON
 * parser's would repeat the body, which could hold a card number.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Api');

  constructor(private readonly metrics: ScoringMetrics) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const given = exception instanceof ProblemError ? exception.problem : null;
    const code = given?.code ?? codeOf(exception);
    if (code === 'internal_error') {
      this.logger.error(lineOf(exception, host.switchToHttp().getRequest<FastifyRequest>()));
    }
    this.metrics.failed(code, 1);
    sendProblem(host.switchToHttp().getResponse<FastifyReply>(), given ?? problem(code));
  }
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'not_found',
  405: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

function codeOf(exception: unknown): ErrorCode {
  if (exception instanceof MalformedJson) return 'malformed_json';
  const status = statusOf(exception);
  if (status === undefined || status >= 500) return 'internal_error';
  return BY_STATUS[status] ?? 'bad_request';
}

function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  const status: unknown = (exception as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

const lineOf = (err: unknown, request: FastifyRequest): LogEntry => ({
  message: err instanceof Error ? err.message : String(err),
  err,
  code: 'internal_error',
  request_id: request.id,
  trace_id: traceIdOf(request),
  method: request.method,
  route: request.routeOptions.url,
});
