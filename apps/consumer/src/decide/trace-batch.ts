import type { Decision } from '@fraud/contract';
import { DEAD_LETTER_HEADERS, type OutgoingMessage, type Tracing } from '@fraud/platform';
import { decisionAttributes, failSpan, spanTime } from '@fraud/service';
import { propagation, ROOT_CONTEXT, SpanKind, trace, type Attributes, type Span } from '@opentelemetry/api';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Origin } from '../kafka/dead-letter.js';
import type { PutOff } from '../kafka/slice-answer.js';
import type { BatchAnswer } from './decide-batch.js';

/**
 * Decides a batch within a span of its own, and each message that names a trace (W3C Trace Context) within one of that trace; their decisions
 * go on with it. At thousands of messages a second those that name none have no spans of their own.
 * @param deadLetters the topic of what is put aside: as it came, so with the headers that it came with
 */
export async function traceBatch(
  messages: readonly KafkaMessage[],
  origin: Origin,
  { tracer }: Tracing,
  decide: () => Promise<BatchAnswer | PutOff>,
  deadLetters: string,
): Promise<BatchAnswer | PutOff> {
  const name = `process ${origin.topic}`;
  const startTime = spanTime();
  const attributes: Attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.destination.name': origin.topic,
    'messaging.destination.partition.id': String(origin.partition),
  };
  const batch = tracer.startSpan(
    name,
    {
      kind: SpanKind.CONSUMER,
      startTime,
      attributes: { ...attributes, 'messaging.batch.message_count': messages.length },
    },
    ROOT_CONTEXT,
  );
  const spans = messages.map(({ headers, offset }): Span | null => {
    const { traceparent } = headers ?? {};
    if (traceparent === undefined) return null;
    const parent = propagation.extract(ROOT_CONTEXT, textOf(headers!));
    const options = {
      kind: SpanKind.CONSUMER,
      startTime,
      links: [{ context: batch.spanContext() }],
      attributes: { ...attributes, 'messaging.kafka.offset': Number(offset) },
    };
    return tracer.startSpan(name, options, parent);
  });
  try {
    const answer = await decide();
    if ('putOff' in answer) {
      for (const span of [batch, ...spans]) if (span !== null) failSpan(span, answer.putOff);
      return answer;
    }
    batch.setAttributes({ 'fraud.decided': answer.decided, 'fraud.replayed': answer.replayed });
    const outgoing = answer.outgoing.map((message, i) => tell(spans[i] ?? null, message, deadLetters));
    return { ...answer, outgoing };
  } finally {
    const endTime = spanTime();
    for (const span of [batch, ...spans]) span?.end(endTime);
  }
}

/** What a message came to; a decision goes on in the trace, below the span that made it. */
function tell(span: Span | null, message: OutgoingMessage, deadLetters: string): OutgoingMessage {
  if (span === null) return message;
  if (message.topic === deadLetters) {
    const code = message.headers?.[DEAD_LETTER_HEADERS.code];
    if (code !== undefined) failSpan(span, String(code));
    return message;
  }
  if (span.isRecording())
    span.setAttributes(decisionAttributes(JSON.parse(String(message.value)) as Decision));
  const context: Record<string, string> = {};
  propagation.inject(trace.setSpan(ROOT_CONTEXT, span), context);
  return { ...message, headers: { ...message.headers, ...context } };
}

/** As text: what a broker hands out is bytes. */
const textOf = (headers: IHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
