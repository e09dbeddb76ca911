import type { Decision } from '@fraud/contract';
import {
  SpanStatusCode,
  trace,
  ROOT_CONTEXT,
  type Attributes,
  type Span,
  type Tracer,
} from '@opentelemetry/api';

/** The stages of a turn in their order, as the answer has them. */
const STAGES = ['queue', 'state', 'features', 'model', 'policy'] as const;

/** Milliseconds since the epoch, with fractions: what spans begin and end by. */
export const spanTime = (): number => performance.timeOrigin + performance.now();

/** What a span says of a decision; nothing of a card, nor of a person. */
export function decisionAttributes(decision: Decision): Attributes {
  const { score } = decision;
  return {
    'fraud.transaction_id': decision.transaction_id,
    'fraud.decision_id': decision.decision_id,
    'fraud.decision': decision.decision,
    'fraud.source': decision.source,
    'fraud.degraded': [...decision.degraded],
    'fraud.model_version': decision.versions.model,
    ...(score === undefined ? {} : { 'fraud.score': score }),
  };
}

/**
 * The stages of a decision as spans below that of its request: they ran one behind the other, and ended when the answer was ready.
 * @param endMs when that was
 */
export function traceStages(
  tracer: Tracer,
  parent: Span,
  { timings_us: timings }: Decision,
  endMs: number,
): void {
  const below = trace.setSpan(ROOT_CONTEXT, parent);
  let at = endMs - timings.total / 1000;
  for (const stage of STAGES) {
    const span = tracer.startSpan(stage, { startTime: at }, below);
    at += timings[stage] / 1000;
    span.end(at);
  }
}

/** Marks a span whose transaction was not decided. */
export function failSpan(span: Span, code: string): void {
  span.setAttribute('error.type', code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
