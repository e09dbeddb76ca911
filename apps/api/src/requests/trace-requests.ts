import type { Decision, Problem } from '@fraud/contract';
import type { Tracing } from '@fraud/platform';
import { decisionAttributes, failSpan, spanTime, traceStages } from '@fraud/service';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { propagation, ROOT_CONTEXT, SpanKind, type Span, type Tracer } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';

const spans = new WeakMap<FastifyRequest, Span>();

/** The span of a request, where this process traces. */
export const spanOf = (request: FastifyRequest): Span | undefined => spans.get(request);

/** A span for each request under /v1, in the trace that the caller names (W3C Trace Context), if it names one; with one below it for each stage. */
export function traceRequests(app: NestFastifyApplication, { tracer }: Tracing): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route?.startsWith('/v1/') === true) {
      const parent = propagation.extract(ROOT_CONTEXT, request.headers);
      const attributes = {
        'http.request.method': request.method,
        'http.route': route,
        'url.scheme': request.protocol,
        'fraud.request_id': request.id,
      };
      const options = { kind: SpanKind.SERVER, startTime: spanTime(), attributes };
      spans.set(request, tracer.startSpan(`${request.method} ${route}`, options, parent));
    }
    done();
  });
  fastify.addHook('onSend', (request, reply, payload: unknown, done) => {
    const span = spans.get(request);
    const says =
      reply.statusCode >= 400 || (request.method === 'POST' && DECIDING.has(request.routeOptions.url ?? ''));
    if (span?.isRecording() === true && says && typeof payload === 'string')
      tell(tracer, span, payload, reply.hasHeader('idempotent-replayed'));
    done(null, payload);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    span?.end(spanTime());
    done();
  });
}

/** Routes that decide; one of them also lists what was recorded, which is no decision of that request. */
const DECIDING: ReadonlySet<string> = new Set(['/v1/decisions', '/v1/decisions/batch']);

/** What was answered; a batch says how many it decided. */
interface Answer extends Partial<Decision & Problem> {
  readonly decisions?: readonly unknown[];
}

function tell(tracer: Tracer, span: Span, payload: string, replayed: boolean): void {
  const answer = payload.startsWith('{') ? (JSON.parse(payload) as Answer) : {};
  if (answer.decisions !== undefined) span.setAttribute('fraud.transactions', answer.decisions.length);
  if (answer.code !== undefined) {
    if (answer.status !== undefined && answer.status >= 500) failSpan(span, answer.code);
    else span.setAttribute('error.type', answer.code);
  }
  if (answer.decision_id === undefined || answer.timings_us === undefined) return;
  const decision = answer as Decision;
  span.setAttributes({ ...decisionAttributes(decision), 'fraud.replayed': replayed });
  // Those of a stored decision are of the request that made it.
  if (!replayed) traceStages(tracer, span, decision, spanTime());
}
