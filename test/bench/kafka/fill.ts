import { AcknowledgedProducer, type OutgoingMessage } from '@fraud/platform';
import type { Kafka } from 'kafkajs';
import { Sequence } from '../load/sequence.js';

/** Messages that one send takes; far fewer than the sequence has templates, for their bytes are used anew. */
const PER_SEND = 2_000;

/** Puts the next `count` transactions of the sequence into a topic, keyed by card; returns when all are acknowledged. */
export async function fill(kafka: Kafka, topic: string, first: number, count: number): Promise<void> {
  const sequence = new Sequence('own');
  sequence.seek(first);
  const producer = new AcknowledgedProducer(kafka);
  await producer.connect();
  try {
    for (let sent = 0; sent < count; sent += PER_SEND) {
      const messages = Array.from({ length: Math.min(PER_SEND, count - sent) }, (): OutgoingMessage => {
        const { bytes, cardId } = sequence.next();
        return { topic, key: cardId, value: bytes };
      });
      await producer.send(messages);
    }
  } finally {
    await producer.disconnect();
  }
}
