import type { ErrorCode, InvalidLabel, ParsedLabel } from '@fraud/contract';
import type { OutgoingMessage } from '@fraud/platform';
import type { KafkaMessage } from 'kafkajs';
import type { BatchRules } from '../kafka/batch-rules.js';
import { deadLetter, type Origin } from '../kafka/dead-letter.js';
import { readMessage } from '../kafka/read-message.js';
import type { SliceAnswer } from '../kafka/slice-answer.js';

/** What a slice of labels holds: what is to be kept, and what can only be put aside. */
export interface LabelBatch extends SliceAnswer {
  readonly labels: readonly ParsedLabel[];
}

/** Reads a slice of the topic of labels, one label a message. Never throws. */
export function readLabelBatch(
  messages: readonly KafkaMessage[],
  origin: Origin,
  parse: (value: unknown) => ParsedLabel | InvalidLabel,
  rules: Pick<BatchRules, 'deadLetters' | 'mostBytes'>,
): LabelBatch {
  const labels: ParsedLabel[] = [];
  const outgoing: OutgoingMessage[] = [];
  const dead = new Map<ErrorCode, number>();
  for (const message of messages) {
    const read = readMessage(message.value, rules.mostBytes, parse);
    if (read.ok) {
      labels.push(read);
      continue;
    }
    outgoing.push(deadLetter(message, origin, read, rules.deadLetters));
    dead.set(read.code, (dead.get(read.code) ?? 0) + 1);
  }
  return { labels, outgoing, dead };
}
