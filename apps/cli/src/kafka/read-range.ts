import { randomUUID } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';
import type { Brokers } from './brokers.js';

/** A part of a topic: of each partition the first offset, and the one behind the last. */
export type TopicRange = ReadonlyMap<number, { readonly from: bigint; readonly to: bigint }>;

const MAX_WAIT_MS = 100;

/**
 * Reads a part of a topic, each partition in its order, in a group of its own name that leaves nothing behind.
 * @param visit its result is waited for before more of the partition is read
 * @throws where the brokers fail, or `visit` does
 */
export async function readRange(
  { kafka, admin }: Brokers,
  topic: string,
  range: TopicRange,
  visit: (message: KafkaMessage, partition: number) => void | Promise<void>,
): Promise<void> {
  const open = new Map([...range].filter(([, { from, to }]) => from < to));
  if (open.size === 0) return;
  const groupId = `fraud-detection-tool-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: MAX_WAIT_MS });
  const next = new Map([...range].map(([partition, { from }]) => [partition, from]));
  const seek = (): void => {
    for (const [partition, offset] of next) consumer.seek({ topic, partition, offset: offset.toString() });
  };
  consumer.on(consumer.events.GROUP_JOIN, seek);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      const eachBatch = async (partition: number, messages: readonly KafkaMessage[], last: bigint) => {
        const part = open.get(partition);
        if (part === undefined) return;
        for (const message of messages) {
          const offset = BigInt(message.offset);
          if (offset < next.get(partition)! || offset >= part.to) continue;
          await visit(message, partition);
          next.set(partition, offset + 1n);
        }
        // Offsets may have gaps: what a transaction marks, or a compaction took.
        if (last + 1n < part.to) return;
        open.delete(partition);
        if (open.size === 0) resolve();
      };
      consumer
        .run({
          autoCommit: false,
          eachBatch: ({ batch }) =>
            eachBatch(batch.partition, batch.messages, BigInt(batch.lastOffset())).catch(reject),
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
}
