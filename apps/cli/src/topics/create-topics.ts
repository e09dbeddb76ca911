import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { findTopics } from '../kafka/find-topics.js';
import { UserError } from '../user-error.js';
import type { PlannedTopic } from './topic-plan.js';

const LEADERS_WITHIN_MS = 30_000;
const POLL_MS = 200;
/** Above what a topic of messages would be set to; a broker takes requests of 100 MB. */
const LARGE_BYTES = 32 * 1024 * 1024;

/**
 * Creates topics, and waits until they can be written and read.
 * @param validateOnly the brokers only say whether they would
 */
export async function createTopics(
  admin: Admin,
  topics: readonly PlannedTopic[],
  retentionMs: number,
  validateOnly: boolean,
): Promise<void> {
  if (topics.length === 0) return;
  await admin.createTopics({
    validateOnly,
    // Waiting is done below: the client's own fails on a topic that its broker has not heard of yet.
    waitForLeaders: false,
    topics: topics.map(({ name, partitions, replication, large }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: replication,
      configEntries: [
        { name: 'retention.ms', value: String(retentionMs) },
        // Acknowledged means on two brokers, where there are three.
        { name: 'min.insync.replicas', value: replication >= 3 ? '2' : '1' },
        ...(large ? [{ name: 'max.message.bytes', value: String(LARGE_BYTES) }] : []),
      ],
    })),
  });
  if (!validateOnly) await waitForLeaders(admin, topics);
}

async function waitForLeaders(admin: Admin, topics: readonly PlannedTopic[]): Promise<void> {
  const names = topics.map(({ name }) => name);
  const deadline = Date.now() + LEADERS_WITHIN_MS;
  for (;;) {
    // The brokers learn of a topic one after the other, and say so by errors.
    const found = await findTopics(admin, names).catch(() => new Map<string, never>());
    if (topics.every(({ name, partitions }) => isReady(found.get(name), partitions))) return;
    if (Date.now() > deadline) {
      throw new UserError(
        `${names.join(', ')}: created, but without leaders after ${LEADERS_WITHIN_MS / 1000} s`,
      );
    }
    await sleep(POLL_MS);
  }
}

const isReady = (topic: { partitions: number; led: boolean } | undefined, partitions: number): boolean =>
  topic !== undefined && topic.led && topic.partitions >= partitions;
