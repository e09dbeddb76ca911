import type { KafkaMessage } from 'kafkajs';
import type { Brokers } from './brokers.js';
import { OwnGroup } from './own-group.js';

/** A part of a topic: of each partition the first offset, and the one behind the last. */
export type TopicRange = ReadonlyMap<number, { readonly from: bigint; readonly to: bigint }>;

/**
 * Reads a part of a topic, each partition in its order.
 * @param visit its result is waited for before more of the partition is read
 * @throws where the brokers fail, or `visit` does
 */
export async function readRange(
  brokers: Brokers,
  topic: string,
  range: TopicRange,
  visit: (message: KafkaMessage, partition: number) => void | Promise<void>,
): Promise<void> {
  const open = new Map([...range].filter(([, { from, to }]) => from < to));
  if (open.size === 0) return;
  const { promise: read, resolve, reject } = Promise.withResolvers<undefined>();
  const positions = new Map([[topic, new Map([...range].map(([partition, { from }]) => [partition, from]))]]);
  const group = new OwnGroup(brokers, positions, reject);
  const eachBatch = async (partition: number, messages: readonly KafkaMessage[], last: bigint) => {
    const part = open.get(partition);
    if (part === undefined) return;
    for (const message of messages) {
      if (BigInt(message.offset) >= part.to || group.advance(topic, partition, message) === null) continue;
      await visit(message, partition);
    }
    // Offsets may have gaps: what a transaction marks, or a compaction took.
    if (last + 1n < part.to) return;
    open.delete(partition);
    if (open.size === 0) resolve(undefined);
  };
  try {
    const started = group.start(({ batch }) =>
      eachBatch(batch.partition, batch.messages, BigInt(batch.lastOffset())).catch(reject),
    );
    await Promise.all([started, read]);
  } finally {
    await group.close();
  }
}
