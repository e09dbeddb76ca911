import type { Problem } from '@fraud/contract';
import type { FastifyReply } from 'fastify';

/** What is away or full takes about as long to be better. */
const RETRY_AFTER_S = '5';

/** Answers with a problem document (RFC 9457). */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 503) void reply.header('retry-after', RETRY_AFTER_S);
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problem));
}
