import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Decision } from '@fraud/contract';
import { openRedis } from '@fraud/platform';
import { runToEnd, startApi, type ProductProcess } from '../support/product-process.js';
import { proxyTo, type FaultProxy } from '../support/fault-proxy.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';

const DEGRADED = ['features_unavailable'];
/** Far above the budget, far below what waiting for Redis would take. */
const NOT_WAITING_MS = 1000;

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

async function decide(api: ProductProcess): Promise<{ decision: Decision; ms: number }> {
  const startedAt = performance.now();
  const response = await post(`${api.url}/v1/decisions`, aTransaction());
  expect(response.status).toBe(200);
  return { decision: (await response.json()) as Decision, ms: performance.now() - startedAt };
}

const isHealthy = async (api: ProductProcess): Promise<boolean> =>
  (await decide(api)).decision.degraded.length === 0;

describe('while Redis fails', () => {
  let redisUrl: string;
  let proxy: FaultProxy;
  let api: ProductProcess;

  beforeAll(async () => {
    redisUrl = await emptyDatabase(inject('redisUrl'), 10);
    proxy = await proxyTo(redisUrl);
    // On a machine that is busy with other tests a Redis that is well may take longer than it may in production.
    api = await startApi({ REDIS_URL: proxy.url, REDIS_TIMEOUT_MS: '100', LATENCY_BUDGET_MS: '600' });
  });
  beforeEach(async () => {
    proxy.heal();
    await until(() => isHealthy(api));
  });
  afterAll(async () => {
    await api.stop();
    await proxy.close();
  });

  const ready = async (): Promise<{ status: string; degraded: string[] }> =>
    (await fetch(`${api.url}/ready`)).json() as Promise<{ status: string; degraded: string[] }>;

  it.each(['hang', 'cut'] as const)(
    'by a %s of the network: answers do not wait for it, say that they are degraded, and heal with it',
    async (fault) => {
      proxy[fault]();
      const answers = await Promise.all(Array.from({ length: 20 }, () => decide(api)));
      for (const { decision, ms } of answers) {
        expect(decision).toMatchObject({ degraded: DEGRADED, source: 'model' });
        expect(decision.reasons[0]).toMatchObject({ code: 'features_unavailable' });
        expect(ms).toBeLessThan(NOT_WAITING_MS);
      }
      await until(async () => (await ready()).degraded.length > 0);
      expect((await ready()).status).toBe('ready');
      const metrics = await (await fetch(`${api.url}/metrics`)).text();
      expect(sample(metrics, 'fraud_redis_up')).toBe(0);
      expect(
        sample(metrics, 'fraud_degraded_decisions_total{cause="features_unavailable"}'),
      ).toBeGreaterThanOrEqual(20);
      proxy.heal();
      await until(() => isHealthy(api));
      await until(async () => (await ready()).degraded.length === 0);
    },
  );

  it('decisions are kept, and stored when it is back: a repeat then gets the very answer', async () => {
    const transaction = aTransaction();
    proxy.hang();
    const answer = await (await post(`${api.url}/v1/decisions`, transaction)).text();
    expect((JSON.parse(answer) as Decision).degraded).toEqual(DEGRADED);
    proxy.heal();
    // No other traffic: the decision finds its way by itself. A repeat before that would be decided anew.
    const redis = openRedis(redisUrl);
    await redis.connect();
    await until(async () => (await redis.keys(`*:t:${transaction.transaction_id}`)).length === 1);
    redis.disconnect();
    const again = await post(`${api.url}/v1/decisions`, transaction);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(answer);
  });

  it('histories are said to be as old as the oldest decision that has not reached them, until they know all', async () => {
    const behind = async (): Promise<number> =>
      sample(await (await fetch(`${api.url}/metrics`)).text(), 'fraud_feature_store_behind_seconds')!;
    await until(async () => (await behind()) === 0);
    proxy.hang();
    const askedAt = performance.now();
    await decide(api);
    await until(async () => (await behind()) > 1);
    expect(await behind()).toBeLessThanOrEqual((performance.now() - askedAt) / 1000);
    proxy.heal();
    await until(async () => (await behind()) === 0);
  });

  it('the process still stops cleanly', async () => {
    const other = await startApi({ REDIS_URL: proxy.url });
    proxy.hang();
    await decide(other);
    const { code, ms } = await other.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
  });
});

describe('a Redis', () => {
  it('that is not there at the start: the API starts, is ready, and answers degraded', async () => {
    const api = await startApi({ REDIS_URL: 'redis://127.0.0.1:1' });
    const { decision, ms } = await decide(api);
    expect(decision.degraded).toEqual(DEGRADED);
    expect(ms).toBeLessThan(NOT_WAITING_MS);
    expect((await fetch(`${api.url}/ready`)).status).toBe(200);
    expect((await api.stop()).code).toBe(0);
  });

  it.each([
    ['database that it does not have', (url: string) => `${url}/99`],
    ['password that it does not take', (url: string) => url.replace('//', '//somebody:wrong@')],
  ])('that refuses a %s: the API does not start, and says so', async (_, change) => {
    const redis = openRedis(inject('redisUrl'));
    await redis.connect();
    await redis.call('ACL', 'SETUSER', 'somebody', 'on', '>right', '~*', '+@all');
    redis.disconnect();
    const { code, output } = await runToEnd('api', {
      REDIS_URL: change(inject('redisUrl').replace(/\/$/, '')),
    });
    expect(code).toBe(1);
    expect(output).toContain('REDIS_URL names a Redis that refuses');
    expect(output).not.toContain('wrong@');
  });

  it('that talks nonsense: the API answers degraded and lives on', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('what?\r\n*3\r\n:1\r\n'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = await startApi({ REDIS_URL: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` });
    for (let i = 0; i < 5; i++) expect((await decide(api)).decision.degraded).toEqual(DEGRADED);
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    await api.stop();
    server.close();
  });
});
