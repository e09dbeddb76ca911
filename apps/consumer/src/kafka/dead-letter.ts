import { DEAD_LETTER_HEADERS as NAMES, type OutgoingMessage } from '@fraud/platform';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Unusable } from './read-message.js';

/** Where a message came from. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
}

/**
 * The message as it came, key, value, headers and all, with what is wrong with it and where it was in further headers.
 * Errors name fields and never values.
 */
export function deadLetter(
  message: KafkaMessage,
  origin: Origin,
  { code, errors }: Unusable,
  topic: string,
): OutgoingMessage {
  const headers: IHeaders = {
    ...message.headers,
    [NAMES.code]: code,
    [NAMES.topic]: origin.topic,
    [NAMES.partition]: String(origin.partition),
    [NAMES.offset]: message.offset,
    [NAMES.timestamp]: message.timestamp,
  };
  if (errors.length > 0) headers[NAMES.fields] = JSON.stringify(errors);
  return { topic, key: message.key, value: message.value, headers };
}
