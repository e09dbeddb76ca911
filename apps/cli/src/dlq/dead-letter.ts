import type { FieldError } from '@fraud/contract';
import { DEAD_LETTER_HEADERS as NAMES, DEAD_LETTER_PREFIX } from '@fraud/platform';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** Where a message is in its topic: `partition:offset`. */
export interface Place {
  readonly partition: number;
  readonly offset: bigint;
}

/** A message that could not be decided or kept, as the dead-letter topic has it. */
export interface DeadLetter {
  readonly place: Place;
  /** When it was put aside. */
  readonly at: Date;
  /** Why, as an error code. */
  readonly code: string;
  readonly fields: readonly FieldError[];
  readonly source: { readonly topic: string; readonly place: Place; readonly at: Date };
  /** How often it was sent to its source again before. */
  readonly retries: number;
  readonly key: Buffer | null;
  /** As it came; null: it had none, or see `omittedBytes`. */
  readonly value: Buffer | null;
  /** Bytes of a value that was too large for the dead-letter topic, and that is still at its source. */
  readonly omittedBytes: number | null;
  /** Those that it came with. */
  readonly headers: IHeaders;
}

export const placeText = ({ partition, offset }: Place): string => `${partition}:${offset}`;

/** Null: nobody put this message aside; somebody else wrote it to the topic. */
export function readDeadLetter(message: KafkaMessage, partition: number): DeadLetter | null {
  const headers = message.headers ?? {};
  const text = (name: string): string | undefined => headers[name]?.toString();
  const code = text(NAMES.code);
  const topic = text(NAMES.topic);
  const offset = text(NAMES.offset);
  if (code === undefined || topic === undefined || offset === undefined || !/^\d+$/.test(offset)) return null;
  const omitted = text(NAMES.omitted);
  return {
    place: { partition, offset: BigInt(message.offset) },
    at: new Date(Number(message.timestamp)),
    code,
    fields: fieldsOf(text(NAMES.fields)),
    source: {
      topic,
      place: { partition: Number(text(NAMES.partition)), offset: BigInt(offset) },
      at: new Date(Number(text(NAMES.timestamp))),
    },
    retries: Number(text(NAMES.retries) ?? 0),
    key: message.key,
    value: message.value,
    omittedBytes: omitted === undefined ? null : Number(omitted),
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !name.startsWith(DEAD_LETTER_PREFIX)),
    ),
  };
}

function fieldsOf(text: string | undefined): readonly FieldError[] {
  try {
    return text === undefined ? [] : (JSON.parse(text) as FieldError[]);
  } catch {
    return [];
  }
}
