import type { Problem } from '@fraud/contract';
import type { FastifyReply } from 'fastify';
import { REQUEST_ID_HEADER } from '../requests/request-id.js';

/** What is away or full takes about as long to be better. */
const RETRY_AFTER_S = '5';

/** Answers with a problem document (RFC 9457), and the id under which the log has the request. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 503) void reply.header('retry-after', RETRY_AFTER_S);
  void reply
    .header(REQUEST_ID_HEADER, reply.request.id)
    .status(problem.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problem));
}
