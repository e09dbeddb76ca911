import { setTimeout as sleep } from 'node:timers/promises';
import { AcknowledgedProducer, type OutgoingMessage } from '@fraud/platform';
import type { Kafka } from 'kafkajs';
import { Sequence } from '../load/sequence.js';

/** Messages that one send takes; far fewer than the sequence has templates, for their bytes are used anew. */
const PER_SEND = 2_000;

const EVERY_MS = 20;

/** Puts the next `count` transactions of the sequence into a topic, keyed by card; returns when all are acknowledged. */
export function fill(kafka: Kafka, topic: string, first: number, count: number): Promise<void> {
  return filled(kafka, topic, first, async (send) => {
    for (let sent = 0; sent < count; sent += PER_SEND) await send(Math.min(PER_SEND, count - sent));
  });
}

/** The same at a constant rate, for a time. */
export function fillSteadily(
  kafka: Kafka,
  topic: string,
  {
    first,
    perSecond,
    seconds,
  }: { readonly first: number; readonly perSecond: number; readonly seconds: number },
): Promise<void> {
  return filled(kafka, topic, first, async (send) => {
    const startedAt = performance.now();
    for (let sent = 0; sent < perSecond * seconds;) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond) - sent;
      const count = Math.min(PER_SEND, due, perSecond * seconds - sent);
      if (count > 0) await send(count);
      sent += Math.max(0, count);
      await sleep(EVERY_MS);
    }
  });
}

/** @param work is given what sends so many more, and resolves when they are acknowledged */
async function filled(
  kafka: Kafka,
  topic: string,
  first: number,
  work: (send: (count: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  const sequence = new Sequence('own');
  sequence.seek(first);
  const producer = new AcknowledgedProducer(kafka);
  await producer.connect();
  try {
    await work((count) =>
      producer.send(
        Array.from({ length: count }, (): OutgoingMessage => {
          const { bytes, cardId } = sequence.next();
          return { topic, key: cardId, value: bytes };
        }),
      ),
    );
  } finally {
    await producer.disconnect();
  }
}
