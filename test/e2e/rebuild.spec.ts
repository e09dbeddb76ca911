import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Transaction } from '@fraud/contract';
import { openRedis, type Redis } from '@fraud/platform';
import { simulate } from '@fraud/traffic';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { connectToRecords, emptyPostgres } from '../support/postgres-database.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { post } from '../support/transactions.js';
import { until } from '../support/until.js';

const COUNT = 1500;
const BATCH = 100;

/** Logs and rings, byte for byte: everything but stored decisions and what is known of labels. */
async function historiesIn(redis: Redis): Promise<Map<string, string>> {
  const kinds = /^fd\d+:[cmpdi]:/;
  const keys = (await redis.keys('*')).filter((key) => kinds.test(key)).toSorted();
  const values = await Promise.all(keys.map((key) => redis.getBuffer(key)));
  return new Map(keys.map((key, i) => [key, values[i]?.toString('hex') ?? '']));
}

describe('a Redis that was emptied', () => {
  let directory: string;
  let redis: Redis;
  let api: ProductProcess;
  let database: pg.Client;
  let env: Record<string, string>;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'rebuild-'));
    const redisUrl = await emptyDatabase(inject('redisUrl'), 19);
    redis = openRedis(redisUrl);
    await redis.connect();
    env = {
      REDIS_URL: redisUrl,
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'rebuild'),
      DATA_DIR: directory,
      // A pause of this machine is not what is tested.
      REDIS_TIMEOUT_MS: '1000',
      LATENCY_BUDGET_MS: '10000',
    };
    api = await startApi(env);
    database = await connectToRecords(env['DATABASE_URL']!);
  });
  afterAll(async () => {
    await api.stop();
    await database.end();
    redis.disconnect();
    await rm(directory, { recursive: true });
  });

  /** Labels that features have been told of. */
  const told = async (): Promise<number> => {
    const { rows } = await database.query<{ told: number }>(
      'select count(*)::int as told from label_states where applied',
    );
    return rows[0]!.told;
  };
  const decide = async (transactions: readonly Transaction[]): Promise<void> => {
    for (let from = 0; from < transactions.length; from += BATCH) {
      const answer = await post(`${api.url}/v1/decisions/batch`, {
        transactions: transactions.slice(from, from + BATCH),
      });
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain('unavailable');
    }
  };

  it('is filled from the records while traffic goes on: its histories are those of one that was never emptied', async () => {
    const transactions: Transaction[] = [];
    for (const { transaction } of simulate({ seed: 23, cards: 150, days: 30, fraud: 0.03 })) {
      if (transactions.push(transaction) === COUNT) break;
    }
    await decide(transactions);
    const labels = transactions
      .filter((_, i) => i % 40 === 7)
      .map(({ transaction_id, occurred_at }) => ({
        transaction_id,
        label: 'fraud',
        source: 'chargeback',
        labelled_at: occurred_at,
      }));
    expect((await post(`${api.url}/v1/labels`, { labels })).status).toBe(202);
    await until(async () => (await told()) === labels.length);
    const before = await historiesIn(redis);
    expect(before.size).toBeGreaterThan(300);

    await redis.flushdb();
    expect((await historiesIn(redis)).size).toBe(0);
    // Cards and merchants that the others have nothing to do with.
    const meanwhile = transactions.slice(0, 200).map((t, i) => ({
      transaction_id: `${t.transaction_id}-meanwhile`,
      occurred_at: t.occurred_at,
      amount: t.amount,
      currency: t.currency,
      card_id: `card-meanwhile-${i % 20}`,
      merchant_id: `merchant-meanwhile-${i % 5}`,
    }));
    const [filled] = await Promise.all([runCli(['features', 'rebuild'], env), decide(meanwhile)]);
    expect(filled.output).toMatch(/nothing was decided/);
    expect(filled.code).toBe(0);

    const after = await historiesIn(redis);
    for (const [key, value] of before) expect([key, after.get(key)]).toEqual([key, value]);
    const again = await runCli(['features', 'rebuild'], env);
    expect(again.output).toMatch(/new +0\n/);
    const last = await historiesIn(redis);
    for (const [key, value] of before) expect([key, last.get(key)]).toEqual([key, value]);
  });
});
