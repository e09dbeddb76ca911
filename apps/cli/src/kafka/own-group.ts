import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Brokers } from './brokers.js';

/** Also a part of every delay that is measured, where traffic is thin. */
const MAX_WAIT_MS = 100;

/** Where to go on reading: by topic and partition the next offset. */
export type Positions = ReadonlyMap<string, Map<number, bigint>>;

/**
 * A consumer of one process alone: in a group of its own name, which it joins only because the client knows no other way.
 * Nothing is committed, so nothing of the group stays.
 */
export class OwnGroup {
  private readonly groupId = `fraud-detection-tool-${randomUUID()}`;
  private readonly consumer: Consumer;

  constructor(
    private readonly brokers: Brokers,
    private readonly positions: Positions,
    failed: (error: Error) => void,
  ) {
    this.consumer = brokers.kafka.consumer({
      groupId: this.groupId,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: MAX_WAIT_MS,
    });
    const { GROUP_JOIN, CRASH } = this.consumer.events;
    // Without commits a member that joins anew would begin elsewhere, and miss or repeat what was read meanwhile.
    this.consumer.on(GROUP_JOIN, () => {
      this.seek();
    });
    this.consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) failed(payload.error);
    });
  }

  /** Resolves when the reading has begun. @throws where the brokers fail */
  async start(eachBatch: (payload: EachBatchPayload) => Promise<void>): Promise<void> {
    const topics = [...this.positions.keys()];
    await this.consumer.connect();
    await this.consumer.subscribe({ topics, fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: topics.length,
      eachBatch,
    });
  }

  /** The offset of a message that is read for the first time; its successor is the next. Null for one that was fetched again. */
  advance(topic: string, partition: number, message: KafkaMessage): bigint | null {
    const offset = BigInt(message.offset);
    const partitions = this.positions.get(topic)!;
    if (offset < (partitions.get(partition) ?? 0n)) return null;
    partitions.set(partition, offset + 1n);
    return offset;
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
    // An empty group without commits goes by itself; where this does not work, nothing is lost.
    await this.brokers.admin.deleteGroups([this.groupId]).catch(() => undefined);
  }

  private seek(): void {
    for (const [topic, partitions] of this.positions) {
      for (const [partition, offset] of partitions) {
        this.consumer.seek({ topic, partition, offset: offset.toString() });
      }
    }
  }
}
