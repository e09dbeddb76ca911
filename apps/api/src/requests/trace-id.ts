import type { FastifyRequest } from 'fastify';
import { spanOf } from './trace-requests.js';

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** The trace of a request; where this process does not trace, that which the caller names (W3C Trace Context). */
export function traceIdOf(request: FastifyRequest): string | undefined {
  const span = spanOf(request);
  if (span !== undefined) return span.spanContext().traceId;
  const { traceparent } = request.headers;
  return typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
}
