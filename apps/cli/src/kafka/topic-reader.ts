import type { KafkaMessage } from 'kafkajs';
import { topicOffsets } from '@fraud/platform';
import type { Brokers } from './brokers.js';
import { OwnGroup } from './own-group.js';

/** Reads topics from their end at the time of opening. */
export class TopicReader {
  private constructor(private readonly group: OwnGroup) {}

  /** Resolves when everything that is written from now on will be read. */
  static async open(
    brokers: Brokers,
    topics: readonly string[],
    received: (topic: string, message: KafkaMessage) => void,
    failed: (error: Error) => void,
  ): Promise<TopicReader> {
    const positions = new Map<string, Map<number, bigint>>();
    for (const topic of topics) {
      const ends = await topicOffsets(brokers.admin, topic);
      positions.set(topic, new Map(ends.map(({ partition, high }) => [partition, BigInt(high)])));
    }
    const group = new OwnGroup(brokers, positions, failed);
    await group.start(({ batch: { topic, partition, messages } }) => {
      for (const message of messages) {
        if (group.advance(topic, partition, message) !== null) received(topic, message);
      }
      return Promise.resolve();
    });
    return new TopicReader(group);
  }

  close(): Promise<void> {
    return this.group.close();
  }
}
