import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import { openRedis, type Redis } from '@fraud/platform';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { KafkaBench } from '../support/kafka.js';
import { connectToRecords, emptyPostgres } from '../support/postgres-database.js';
import { startApi, startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
}

describe('a transaction that comes again', () => {
  let directory: string;
  let redis: Redis;
  let database: pg.Client;
  let bench: KafkaBench;
  let first: ProductProcess;
  let second: ProductProcess;
  let consumer: ProductProcess;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'idempotency-'));
    const redisUrl = await emptyDatabase(inject('redisUrl'), 18);
    redis = openRedis(redisUrl);
    await redis.connect();
    const url = await emptyPostgres(inject('postgresUrl'), 'idempotency');
    bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
    // A machine that is busy with tests must not be why something is decided again.
    const env = {
      REDIS_URL: redisUrl,
      DATABASE_URL: url,
      DATA_DIR: directory,
      REDIS_TIMEOUT_MS: '1000',
      LATENCY_BUDGET_MS: '5000',
    };
    [first, second, consumer] = await Promise.all([
      startApi(env),
      startApi(env),
      startConsumer({ ...bench.env, ...env }),
    ]);
    database = await connectToRecords(url);
  });
  afterAll(async () => {
    await Promise.all([first, second, consumer].map((one) => one.stop()));
    await database.end();
    redis.disconnect();
    await bench.close();
    await rm(directory, { recursive: true });
  });

  const decide = async (api: ProductProcess, transaction: Transaction): Promise<Answer> => {
    const response = await post(`${api.url}/v1/decisions`, transaction);
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return { status: response.status, replayed, text: await response.text() };
  };
  const recorded = async ({ transaction_id }: Transaction): Promise<string[]> => {
    const { rows } = await database.query<{ answer: string }>(
      `select answer from decisions where transaction::json->>'transaction_id' = $1`,
      [transaction_id],
    );
    return rows.map(({ answer }) => answer);
  };
  const isRecorded = (t: Transaction) => until(async () => (await recorded(t)).length > 0);
  /** As an hour later. */
  const expire = async ({ transaction_id }: Transaction): Promise<void> => {
    const keys = await redis.keys(`*${transaction_id}*`);
    expect(keys).toHaveLength(1);
    await redis.del(keys);
  };
  const ringOf = async ({ merchant_id }: Transaction): Promise<string> => {
    const keys = await redis.keys(`*${merchant_id}*`);
    expect(keys).toHaveLength(1);
    return (await redis.getBuffer(keys[0]!))!.toString('hex');
  };
  const decidedOverall = async (): Promise<number> => {
    const metrics = await Promise.all(
      [first, second].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
    );
    return metrics.reduce(
      (sum, text) => sum + (sample(text, 'fraud_decisions_total{decision="approve",source="model"}') ?? 0),
      0,
    );
  };
  const published = async ({ transaction_id }: Transaction): Promise<string[]> =>
    (await bench.read(bench.decisions))
      .map(({ value }) => String(value))
      .filter((text) => (JSON.parse(text) as Decision).transaction_id === transaction_id);

  it('a hundred times at once, on two instances, is decided, counted and recorded once', async () => {
    const once = aTransaction({ card_id: 'card-once', merchant_id: 'merchant-once' });
    const often = {
      ...once,
      transaction_id: `${once.transaction_id}-often`,
      card_id: 'card-often',
      merchant_id: 'merchant-often',
    };
    const before = await decidedOverall();
    await decide(first, once);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => decide(i % 2 === 0 ? first : second, often)),
    );

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await decidedOverall()).toBe(before + 2);
    await isRecorded(often);
    expect(await recorded(often)).toEqual([answers[0]!.text]);
    expect(await ringOf(often)).toBe(await ringOf(once));
  });

  it('after its stored decision has expired gets the recorded bytes, over HTTP and Kafka', async () => {
    const t = aTransaction();
    const { text } = await decide(first, t);
    await isRecorded(t);
    await expire(t);
    expect(await decide(second, t)).toEqual({ status: 200, replayed: true, text });
    await bench.produce([{ key: t.card_id, value: JSON.stringify(t) }]);
    await until(async () => (await published(t)).length === 1);
    expect(await published(t)).toEqual([text]);
    expect(await recorded(t)).toEqual([text]);
  });

  it('with other content is refused, also long after, and over Kafka it is a dead letter', async () => {
    const t = aTransaction();
    const { text } = await decide(first, t);
    const other = { ...t, amount: t.amount + 1 };
    expect((await decide(second, other)).status).toBe(409);
    expect((await decide(second, { ...t, card_id: 'another-card' })).status).toBe(409);
    await isRecorded(t);
    await expire(t);
    expect((await decide(second, other)).status).toBe(409);
    await bench.produce([{ key: t.card_id, value: JSON.stringify(other) }]);
    await until(async () => (await bench.size(bench.deadLetters)) > 0);
    const [dead] = await bench.read(bench.deadLetters);
    expect(String(dead?.headers?.['fraud-error-code'])).toBe('transaction_conflict');
    expect(await recorded(t)).toEqual([text]);
  });

  it('under another card, after its stored decision has expired, is found when it is recorded, and kept aside', async () => {
    const t = aTransaction();
    const { text } = await decide(first, t);
    await isRecorded(t);
    await expire(t);
    const other = await decide(first, { ...t, card_id: 'yet-another-card' });
    expect(other).toMatchObject({ status: 200, replayed: false });
    const conflicts = async () => {
      const { rows } = await database.query<{ line: string }>(
        'select line from conflicts where card_id = $1',
        ['yet-another-card'],
      );
      return rows;
    };
    await until(async () => (await conflicts()).length === 1);
    const [kept] = await conflicts();
    expect(JSON.stringify((JSON.parse(kept!.line) as { decision: unknown }).decision)).toBe(other.text);
    expect(await recorded(t)).toEqual([text]);
  });
});
