import type { Admin } from 'kafkajs';
import { UserError } from '../user-error.js';

/** A topic as the brokers describe it. */
export interface Topic {
  readonly partitions: number;
  readonly replication: number;
  /** Every partition has a leader: it can be written and read. */
  readonly led: boolean;
}

/** Those of the topics that exist. The list of all is asked for: asking for one by name may create it. */
export async function findTopics(admin: Admin, names: readonly string[]): Promise<Map<string, Topic>> {
  const all = new Set(await admin.listTopics());
  const there = names.filter((name) => all.has(name));
  if (there.length === 0) return new Map();
  const { topics } = await admin.fetchTopicMetadata({ topics: there });
  return new Map(
    topics.map(({ name, partitions }) => [
      name,
      {
        partitions: partitions.length,
        replication: Math.min(...partitions.map(({ replicas }) => replicas.length)),
        led: partitions.every(({ leader }) => leader >= 0),
      },
    ]),
  );
}

/** @throws UserError that names the topics that do not exist */
export async function requireTopics(admin: Admin, names: readonly string[]): Promise<void> {
  const there = await findTopics(admin, names);
  const missing = names.filter((name) => !there.has(name));
  if (missing.length === 0) return;
  const what = missing.length === 1 ? 'There is no topic' : 'There are no topics';
  throw new UserError(`${what} ${missing.join(', ')}: npm run topics`);
}
