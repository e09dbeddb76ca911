import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import { simulate } from '@fraud/traffic';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { proxyTo, type FaultProxy } from '../support/fault-proxy.js';
import { historiesOf, withRedis } from '../support/histories.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { startOwnRedis, type RedisNodes } from '../support/redis-nodes.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const COUNT = 600;
const BATCH = 100;
const DEGRADED = ['features_unavailable'];

/** What happened before, and so belongs to histories. */
const PAST: readonly Transaction[] = [...simulate({ seed: 31, cards: 80, days: 12, fraud: 0.02 })]
  .slice(0, COUNT)
  .map(({ transaction }) => transaction);

/** Of cards and merchants that the others have nothing to do with. */
const other = (n: number): Transaction =>
  aTransaction({ card_id: `card-meanwhile-${n % 20}`, merchant_id: 'merchant-meanwhile' });

describe('histories that are gone', () => {
  let directory: string;
  let redis: RedisNodes;
  let proxy: FaultProxy;
  let env: Record<string, string>;
  const running: ProductProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'replaced-'));
    redis = await startOwnRedis();
    proxy = await proxyTo(redis.address);
    env = {
      REDIS_URL: proxy.url,
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'redis_replaced'),
      // A pause of this machine is not what is tested.
      REDIS_TIMEOUT_MS: '500',
      LATENCY_BUDGET_MS: '3000',
    };
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await proxy.close();
    await redis.stop();
    await rm(directory, { recursive: true });
  });

  /** Each instance has a spool of its own. */
  const start = async (name: string): Promise<ProductProcess> => {
    const one = await startApi({ ...env, DATA_DIR: path.join(directory, name) });
    running.push(one);
    return one;
  };
  const decide = async ({ url }: ProductProcess, all: readonly Transaction[]): Promise<Decision[]> => {
    const decisions: Decision[] = [];
    for (let from = 0; from < all.length; from += BATCH) {
      const body = { transactions: all.slice(from, from + BATCH) };
      const answer = await post(`${url}/v1/decisions/batch`, body);
      expect(answer.status).toBe(200);
      decisions.push(...((await answer.json()) as { decisions: Decision[] }).decisions);
    }
    return decisions;
  };
  const isWhole = async (one: ProductProcess): Promise<boolean> =>
    (await decide(one, [other(0)]))[0]!.degraded.length === 0;
  /** A new and empty server where the old one was: it knows no script, either. */
  const empty = (): Promise<unknown> =>
    withRedis(redis.address, async (client) => {
      await client.flushall();
      await client.script('FLUSH');
    });
  const past = async (): Promise<Record<string, string>> => {
    const { bytes } = await historiesOf(redis.address);
    return Object.fromEntries(Object.entries(bytes).filter(([key]) => !key.includes('meanwhile')));
  };
  const rebuild = async (): Promise<void> => {
    const filled = await runCli(['features', 'rebuild'], { ...env, DATA_DIR: path.join(directory, 'tool') });
    expect(filled.output).toMatch(/nothing was decided/);
    expect(filled.code).toBe(0);
  };

  it('with a Redis that is replaced by an empty one: decided without it and saying so, then whole, and after the rebuild as before', async () => {
    const api = await start('one');
    await decide(api, PAST);
    await until(async () => (await historiesOf(redis.address)).decisions >= COUNT);
    const before = await past();
    expect(Object.keys(before).length).toBeGreaterThan(100);

    proxy.cut();
    const meanwhile = await decide(
      api,
      Array.from({ length: 200 }, (_, n) => other(n)),
    );
    for (const { degraded, source, reasons } of meanwhile) {
      expect({ degraded, source }).toEqual({ degraded: DEGRADED, source: 'model' });
      expect(reasons[0]?.code).toBe('features_unavailable');
    }
    await empty();
    proxy.heal();
    await until(() => isWhole(api));
    expect(await past()).toEqual({});
    await rebuild();
    expect(await past()).toEqual(before);
  });

  it('with everything stopped, Redis cleared and all started again: decided at once, and after the rebuild as before', async () => {
    const first = await Promise.all([start('one'), start('two')]);
    await decide(first[0], PAST.slice(0, COUNT / 2));
    await decide(first[1], PAST.slice(COUNT / 2));
    await until(async () => (await historiesOf(redis.address)).decisions >= COUNT);
    const before = await past();
    const ends = await Promise.all(running.splice(0).map((one) => one.stop()));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);

    await empty();
    const again = await Promise.all([start('one'), start('two')]);
    for (const one of again) {
      const decisions = await decide(
        one,
        Array.from({ length: 50 }, (_, n) => other(n)),
      );
      expect(new Set(decisions.map(({ source }) => source))).toEqual(new Set(['model']));
      expect(decisions.flatMap(({ degraded }) => degraded)).toEqual([]);
    }
    await rebuild();
    expect(await past()).toEqual(before);
  });
});
