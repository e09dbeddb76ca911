import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { topicOffsets } from '@fraud/platform';
import { PARTITIONS } from '../plan.js';

/** The topics of one measure. */
export interface Topics {
  readonly transactions: string;
  readonly decisions: string;
  readonly deadLetters: string;
}

const THERE_WITHIN_MS = 15_000;

/** Creates them, and waits until every partition has its leader. */
export async function createTopics(admin: Admin, topics: Topics): Promise<void> {
  const names = Object.values(topics) as string[];
  await admin.createTopics({
    // Waiting here may fail with UNKNOWN_TOPIC_OR_PARTITION.
    waitForLeaders: false,
    topics: names.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor: 1 })),
  });
  const deadline = Date.now() + THERE_WITHIN_MS;
  while (!(await areThere(admin, names))) {
    if (Date.now() > deadline) throw new Error(`the topics ${names.join(', ')} have no leaders`);
    await sleep(50);
  }
}

export async function deleteTopics(admin: Admin, topics: Topics): Promise<void> {
  await admin.deleteTopics({ topics: Object.values(topics) as string[] });
}

/** How many messages are in each partition. */
export async function counts(admin: Admin, topic: string): Promise<number[]> {
  const partitions: number[] = [];
  for (const { partition, high } of await topicOffsets(admin, topic)) partitions[partition] = Number(high);
  return partitions;
}

export const total = (partitions: readonly number[]): number => partitions.reduce((sum, n) => sum + n, 0);

async function areThere(admin: Admin, names: string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    return topics.every(
      ({ partitions }) => partitions.length === PARTITIONS && partitions.every(({ leader }) => leader >= 0),
    );
  } catch {
    return false;
  }
}
