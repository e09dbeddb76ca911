import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { proxyTo } from '../support/fault-proxy.js';
import { KafkaBench, openTo } from '../support/kafka.js';
import { connectToRecords, emptyPostgres } from '../support/postgres-database.js';
import { startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const PARTITIONS = 3;

describe('a consumer without something that it needs', () => {
  let bench: KafkaBench;
  let directory: string;
  let consumer: ProductProcess | undefined;

  beforeEach(async () => {
    bench = await KafkaBench.open(inject('kafkaBrokers'), PARTITIONS);
    directory = await mkdtemp(path.join(tmpdir(), 'fraud-outage-'));
  });
  afterEach(async () => {
    await consumer?.stop('SIGKILL');
    consumer = undefined;
    await bench.close();
    await rm(directory, { recursive: true });
  });

  const produce = async (count: number): Promise<Transaction[]> => {
    const transactions = Array.from({ length: count }, (_, i) => aTransaction({ card_id: `card-${i % 60}` }));
    await bench.produce(transactions.map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
    return transactions;
  };
  const decisions = async (): Promise<Decision[]> =>
    (await bench.read(bench.decisions)).map(({ value }) => JSON.parse(String(value)) as Decision);
  const held = async (reason: string): Promise<number | undefined> =>
    sample(
      await (await fetch(`${consumer!.url}/metrics`)).text(),
      `fraud_kafka_backpressure{topic="${bench.transactions}",reason="${reason}"}`,
    );
  const ready = async (): Promise<string> => await (await fetch(`${consumer!.url}/ready`)).text();
  const health = () => fetch(`${consumer!.url}/health`);

  it('leaves the messages where they are while Redis is away, by ON_STORE_OUTAGE=pause: none is decided without its history', async () => {
    const redis = await proxyTo(await emptyDatabase(inject('redisUrl'), 28));
    consumer = await startConsumer({
      ...bench.env,
      REDIS_URL: redis.url,
      ON_STORE_OUTAGE: 'pause',
      KAFKA_STALL_S: '2',
    });
    const before = await produce(300);
    await until(async () => (await bench.lag()) === 0);
    redis.cut();
    const during = await produce(3000);
    await until(async () => (await held('features_unavailable')) === PARTITIONS);
    expect(await ready()).toContain('"waits_for":["features_unavailable"]');
    await until(async () => (await bench.lag()) >= 2000);
    // As long as it may not move; a restart would not bring Redis back.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect((await health()).status).toBe(200);
    redis.heal();
    await until(async () => (await bench.lag()) === 0);
    expect(await held('features_unavailable')).toBe(0);
    const decided = await decisions();
    expect(new Set(decided.map((d) => d.transaction_id))).toEqual(
      new Set([...before, ...during].map((t) => t.transaction_id)),
    );
    expect(decided.filter(({ degraded }) => degraded.length > 0)).toEqual([]);
    // Published again, perhaps, but the same.
    expect(new Set(decided.map((d) => JSON.stringify(d))).size).toBe(before.length + during.length);
    expect(await bench.size(bench.deadLetters)).toBe(0);
    expect((await consumer.stop()).code).toBe(0);
    await redis.close();
  });

  it('decides without histories while Redis is away, where nothing else is said', async () => {
    const redis = await proxyTo(await emptyDatabase(inject('redisUrl'), 29));
    consumer = await startConsumer({ ...bench.env, REDIS_URL: redis.url });
    await produce(100);
    await until(async () => (await bench.lag()) === 0);
    redis.cut();
    const during = await produce(500);
    await until(async () => (await bench.lag()) === 0);
    const ids = new Set(during.map((t) => t.transaction_id));
    const decided = (await decisions()).filter((d) => ids.has(d.transaction_id));
    expect(decided).toHaveLength(500);
    expect(decided.every(({ degraded }) => degraded.includes('features_unavailable'))).toBe(true);
    expect(await bench.size(bench.deadLetters)).toBe(0);
    await redis.close();
  });

  it('leaves the messages where they are while the spool has no room: every decision is recorded, and none is refused', async () => {
    const url = await emptyPostgres(inject('postgresUrl'), 'consumer_outages');
    const postgres = await proxyTo(url);
    consumer = await startConsumer({
      ...bench.env,
      REDIS_URL: await emptyDatabase(inject('redisUrl'), 30),
      DATABASE_URL: postgres.url,
      DATA_DIR: directory,
      SPOOL_MAX_BYTES: String(2 ** 20),
      MAX_POLL_RECORDS: '50',
      PARTITIONS_CONCURRENTLY: '1',
    });
    const database = await connectToRecords(url);
    postgres.cut();
    const transactions = await produce(3000);
    await until(async () => (await held('records_unavailable')) === PARTITIONS);
    expect(await ready()).toContain('"waits_for":["records_unavailable"]');
    expect(await bench.lag()).toBeGreaterThan(1000);
    postgres.heal();
    await until(async () => (await bench.lag()) === 0);
    const decided = await decisions();
    expect(new Set(decided.map((d) => d.transaction_id)).size).toBe(transactions.length);
    expect(decided.filter(({ degraded }) => degraded.includes('records_unavailable'))).toEqual([]);
    const recorded = async (): Promise<number> =>
      (await database.query<{ n: number }>('select count(*)::int as n from decisions')).rows[0]!.n;
    await until(async () => (await recorded()) === transactions.length);
    expect(await bench.size(bench.deadLetters)).toBe(0);
    await database.end();
    await consumer.stop();
    await postgres.close();
  });

  it('says on /health that it stands still, where messages wait and the brokers answer, until it moves again', async () => {
    const admin = openTo(bench.brokers).admin();
    await admin.connect();
    const later = `${bench.decisions}-later`;
    consumer = await startConsumer({
      ...bench.env,
      FEATURE_STORE: 'memory',
      DECISIONS_TOPIC: later,
      KAFKA_STALL_S: '3',
    });
    expect((await health()).status).toBe(200);
    await produce(10);
    await until(async () => (await health()).status === 503);
    expect(await (await health()).json()).toMatchObject({
      status: 'unhealthy',
      failures: { kafka: expect.stringMatching(/no progress for \d+ s/) as string },
    });
    await admin.createTopics({
      topics: [{ topic: later, numPartitions: PARTITIONS }],
      waitForLeaders: false,
    });
    await until(async () => (await health()).status === 200);
    await until(async () => (await bench.lag()) === 0);
    await admin.disconnect();
  });
});
