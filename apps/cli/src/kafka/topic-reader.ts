import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { topicOffsets } from '@fraud/platform';
import type { Brokers } from './brokers.js';

/** Also a part of every delay that is measured, where traffic is thin. */
const MAX_WAIT_MS = 100;

/**
 * Reads topics from their end at the time of opening, for one process alone: in a group of its own name, which it joins
 * only because the client knows no other way. Nothing is committed, so nothing of the group stays.
 */
export class TopicReader {
  private readonly groupId = `fraud-detection-tool-${randomUUID()}`;
  private readonly consumer: Consumer;
  /** Next offset by topic and partition. */
  private readonly positions = new Map<string, Map<number, bigint>>();

  private constructor(
    private readonly brokers: Brokers,
    private readonly received: (topic: string, message: KafkaMessage) => void,
    failed: (error: Error) => void,
  ) {
    this.consumer = brokers.kafka.consumer({
      groupId: this.groupId,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: MAX_WAIT_MS,
    });
    const { GROUP_JOIN, CRASH } = this.consumer.events;
    // Without commits a member that joins anew would begin at the end, and miss what was written meanwhile.
    this.consumer.on(GROUP_JOIN, () => {
      this.seek();
    });
    this.consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) failed(payload.error);
    });
  }

  /** Resolves when everything that is written from now on will be read. */
  static async open(
    brokers: Brokers,
    topics: readonly string[],
    received: (topic: string, message: KafkaMessage) => void,
    failed: (error: Error) => void,
  ): Promise<TopicReader> {
    const reader = new TopicReader(brokers, received, failed);
    for (const topic of topics) {
      const ends = await topicOffsets(brokers.admin, topic);
      reader.positions.set(topic, new Map(ends.map(({ partition, high }) => [partition, BigInt(high)])));
    }
    await reader.consumer.connect();
    await reader.consumer.subscribe({ topics: [...topics], fromBeginning: false });
    await reader.consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: topics.length,
      eachBatch: (payload) => reader.eachBatch(payload),
    });
    return reader;
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

  private eachBatch({ batch }: EachBatchPayload): Promise<void> {
    const { topic, partition, messages } = batch;
    const positions = this.positions.get(topic)!;
    for (const message of messages) {
      const offset = BigInt(message.offset);
      // Fetched again after joining anew.
      if (offset < (positions.get(partition) ?? 0n)) continue;
      positions.set(partition, offset + 1n);
      this.received(topic, message);
    }
    return Promise.resolve();
  }
}
