import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, SeekEntry } from 'kafkajs';
import kafkajs from './kafkajs.js';

const ATTEMPTS = 40;
const PAUSE_MS = 50;

/** First offset that is still there (`low`) and offset of the next message (`high`). */
export type PartitionOffsets = SeekEntry & { readonly high: string; readonly low: string };

/**
 * The offsets of every partition of a topic. kafkajs 2.2.4 fails at once where a broker does not lead what it was named
 * leader of: a topic is so new that the broker has not heard of it, or another replica was preferred. Here the leaders are
 * asked for anew, and then their offsets.
 * @throws {KafkaJSProtocolError} where no leader answers within two seconds
 */
export async function topicOffsets(admin: Admin, topic: string): Promise<PartitionOffsets[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      const movedAway = error instanceof kafkajs.KafkaJSProtocolError && error.retriable;
      if (!movedAway || attempt === ATTEMPTS) throw error;
    }
    await sleep(PAUSE_MS);
    // Of all that an admin can be asked, this reads the leaders anew first, and changes nothing; its answer is not needed.
    await admin.listGroups().catch(() => undefined);
  }
}
