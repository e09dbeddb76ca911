import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { fill } from '../kafka/fill.js';
import { counts, createTopics, deleteTopics, total, type Topics } from '../kafka/topics.js';
import type { LoadResult } from '../load/protocol.js';
import { KAFKA_WARM_UP_SECONDS, KAFKA_WARM_UP_SHARE, RECORDS_PER_SECOND } from '../plan.js';
import type { Profiler } from '../profile.js';
import { gcPauses } from '../servers/gc-pauses.js';
import { MetricsPage } from '../servers/prometheus.js';
import { CONSUMER_FLAGS, startServer, type Server } from '../servers/server.js';
import type { KafkaSubject } from '../servers/subjects.js';
import type { Sample } from './sample.js';
import { between, read } from './window.js';

const LOOK_EVERY_MS = 100;
/** A measure ends before any partition has fewer left: the last fetches would be small ones. */
const RESERVE = 3_000;
/** Share of its length that a measure may lose to that. */
const SHORTEST = 0.5;

/**
 * Fills new topics, starts a consumer on them as a new group, lets it warm up, and measures it while transactions remain. What
 * counts is in the topic of decisions; at both ends of the measure slices are under way, as many at the one as at the other.
 * @param profiler takes its profile over the measure
 */
export async function measureKafka(
  subject: KafkaSubject,
  round: number,
  seconds: number,
  profiler: Profiler | null,
): Promise<Sample> {
  const group = `bench-${subject.measures++}`;
  const topics: Topics = {
    transactions: `${group}-transactions`,
    decisions: `${group}-decisions`,
    deadLetters: `${group}-dead-letters`,
  };
  const admin = subject.broker.client.admin();
  await admin.connect();
  try {
    await createTopics(admin, topics);
    const records = RECORDS_PER_SECOND * (KAFKA_WARM_UP_SECONDS + seconds);
    await fill(subject.broker.client, topics.transactions, subject.nextTransaction, records);
    subject.nextTransaction += records;
    const consumer = await startConsumer(subject, topics, group);
    try {
      return {
        subject: 'kafka',
        phase: 'kafka',
        round,
        ...(await watch(subject, consumer, admin, topics, seconds, profiler)),
      };
    } finally {
      await consumer.stop();
    }
  } finally {
    await deleteTopics(admin, topics);
    await admin.disconnect();
  }
}

export function startConsumer(
  { entry, broker, redis, records, directory }: KafkaSubject,
  topics: Topics,
  group: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const env = {
    KAFKA_BROKERS: broker.address,
    KAFKA_GROUP_ID: group,
    TRANSACTIONS_TOPIC: topics.transactions,
    DECISIONS_TOPIC: topics.decisions,
    DEAD_LETTER_TOPIC: topics.deadLetters,
    REDIS_URL: redis.url,
    ...records,
    ...more,
  };
  return startServer(entry, env, directory, CONSUMER_FLAGS);
}

async function watch(
  { broker, redis }: KafkaSubject,
  consumer: Server,
  admin: Admin,
  topics: Topics,
  seconds: number,
  profiler: Profiler | null,
): Promise<Omit<Sample, 'subject' | 'phase' | 'round'>> {
  const parties = { server: consumer.pid, redis, broker: broker.pid, generator: process.pid };
  const given = await counts(admin, topics.transactions);
  const decided = (): Promise<number[]> => counts(admin, topics.decisions);

  await until(KAFKA_WARM_UP_SECONDS, async () => total(await decided()) > KAFKA_WARM_UP_SHARE * total(given));
  await profiler?.start('kafka', consumer.child);
  const pageBefore = await MetricsPage.of(consumer.port);
  await gcPauses(consumer);
  const decidedBefore = total(await decided());
  const before = await read(parties);
  // A card's decisions are in the partition that its transactions are in.
  await until(seconds, async () => (await decided()).some((n, partition) => n > given[partition]! - RESERVE));
  const decidedAfter = total(await decided());
  const after = await read(parties);
  const gc = await gcPauses(consumer);
  const pageAfter = await MetricsPage.of(consumer.port);
  await profiler?.finish();

  const cpu = between(before, after);
  const more = (name: string, label?: string): number =>
    pageAfter.sum(name, label) - pageBefore.sum(name, label);
  const failures = {
    'dead letter': total(await counts(admin, topics.deadLetters)),
    'repeated decision': more('fraud_kafka_messages_total', 'result="replayed"'),
    'too few transactions for the measure': cpu.windowSeconds < seconds * SHORTEST ? 1 : 0,
  };
  const load: LoadResult = {
    requests: decidedAfter - decidedBefore,
    seconds: cpu.windowSeconds,
    latency: null,
    failures: Object.fromEntries(Object.entries(failures).filter(([, count]) => count > 0)),
    degraded: more('fraud_degraded_decisions_total'),
    good: 0,
    answered: null,
    sentLateP99: null,
  };
  return { load, ...cpu, gc };
}

/** Waits so long, or until it is over. */
async function until(seconds: number, over: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end && !(await over())) {
    await sleep(Math.min(LOOK_EVERY_MS, Math.max(0, end - performance.now())));
  }
}
