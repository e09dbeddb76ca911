import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRedis, type Redis } from '@fraud/platform';
import { proxyTo, type FaultProxy } from '../support/fault-proxy.js';
import {
  expectCleanEnd,
  expectTruth,
  isDegraded,
  LIMITS,
  Load,
  metricsOf,
  RECOVERY_MS,
  redisUp,
} from '../support/load.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { startOwnRedis, type RedisNodes } from '../support/redis-nodes.js';
import { sample } from '../support/transactions.js';
import { until } from '../support/until.js';

describe('one Redis under load', () => {
  let redis: RedisNodes;
  let admin: Redis;
  let proxy: FaultProxy;
  let api: ProductProcess;
  let load: Load;
  /** Of one test. */
  const others: ProductProcess[] = [];

  beforeAll(async () => {
    redis = await startOwnRedis();
    proxy = await proxyTo(redis.address);
    api = await startApi({ REDIS_URL: proxy.url, ...LIMITS });
  });
  beforeEach(async () => {
    // What a test that failed has left behind is not to fail the next.
    proxy.heal();
    admin = openRedis(redis.address);
    admin.on('error', () => undefined);
    await admin.connect();
    load = new Load(api);
    await load.whole();
  });
  afterEach(async () => {
    admin.disconnect();
    await load.stop();
    await Promise.all(others.splice(0).map((one) => one.stop('SIGKILL')));
  });
  afterAll(async () => {
    await expectCleanEnd(api);
    await proxy.close();
    await redis.stop();
  });

  async function another(env: Record<string, string>): Promise<ProductProcess> {
    const started = await startApi(env);
    others.push(started);
    return started;
  }

  interface Fault {
    readonly begin: () => unknown;
    readonly end: () => unknown;
    /** As the metric calls it. */
    readonly failure: string;
    readonly lastsMs?: number;
  }

  const FAULTS: Record<string, Fault> = {
    'is stopped for five seconds (SIGSTOP)': {
      begin: () => redis.nodes[0]!.pause(),
      end: () => redis.nodes[0]!.resume(),
      failure: 'timeout',
      lastsMs: 5000,
    },
    'is killed, and comes back empty': {
      begin: () => redis.nodes[0]!.kill(),
      end: () => redis.nodes[0]!.start(),
      failure: 'connection',
    },
    'is a replica (READONLY)': {
      begin: () => admin.call('REPLICAOF', '127.0.0.1', '1'),
      end: () => admin.call('REPLICAOF', 'NO', 'ONE'),
      failure: 'refused',
    },
    'has no memory left (noeviction)': {
      begin: () => admin.config('SET', 'maxmemory', '1'),
      end: () => admin.config('SET', 'maxmemory', '0'),
      failure: 'refused',
    },
    'is cut off, its connections reset': {
      begin: () => proxy.cut(),
      end: () => proxy.heal(),
      failure: 'connection',
    },
  };

  it.each(Object.entries(FAULTS))(
    'that %s: answers in time, degraded and saying so; whole again within five seconds of its end',
    async (_, { begin, end, failure, lastsMs = 2000 }) => {
      const failures = async (): Promise<number> =>
        sample(await metricsOf(api), `fraud_redis_errors_total{failure="${failure}"}`)!;
      const before = await failures();
      const startedAt = performance.now();
      await begin();
      await load.degraded();
      await until(async () => (await failures()) > before);
      await until(async () => (await redisUp(api)) === 0);
      await sleep(lastsMs - (performance.now() - startedAt));
      const endedAt = performance.now();
      await end();
      expect((await load.whole()) - endedAt).toBeLessThan(RECOVERY_MS);
      await until(async () => (await redisUp(api)) === 1);
      await load.stop();
      expectTruth(load);
    },
  );

  it('that hangs: two connections carry what they may, the rest is decided without waiting for them', async () => {
    const pooled = await another({
      ...LIMITS,
      REDIS_URL: proxy.url,
      REDIS_POOL_SIZE: '2',
      // Few enough that they are used up before nobody is let through to them any more.
      REDIS_MAX_IN_FLIGHT: '2',
    });
    const its = new Load(pooled);
    await its.whole();
    proxy.hang();
    const gauge = async (name: string): Promise<number> =>
      sample(await metricsOf(pooled), `fraud_redis_pool_${name}`)!;
    await until(async () => (await gauge('rejected_total')) > 0);
    await sleep(1000);
    expect(await gauge('connections')).toBe(2);
    expect(await gauge('in_flight')).toBeLessThanOrEqual(4);
    proxy.heal();
    await its.whole();
    await until(async () => (await gauge('in_flight')) === 0);
    await its.stop();
    expectTruth(its);
    await expectCleanEnd(pooled);
  });

  it('that takes 50 ms longer: answers in time by the default settings, degraded; whole again when it does not', async () => {
    const impatient = await another({ REDIS_URL: proxy.url, LATENCY_BUDGET_MS: '' });
    const its = new Load(impatient);
    await its.whole();
    proxy.delay(25);
    await its.degraded();
    await sleep(2000);
    const timeouts = sample(await metricsOf(impatient), 'fraud_redis_errors_total{failure="timeout"}');
    expect(timeouts).toBeGreaterThan(10);
    const endedAt = performance.now();
    proxy.heal();
    expect((await its.whole()) - endedAt).toBeLessThan(RECOVERY_MS);
    await its.stop();
    expectTruth(its);
    await expectCleanEnd(impatient);
  });

  it.each([
    ['forgets its scripts', () => admin.script('FLUSH')],
    ['is emptied (FLUSHALL)', () => admin.flushall()],
  ])('that %s: no answer is degraded', async (_, fault) => {
    const patient = await another({
      REDIS_URL: redis.address,
      REDIS_TIMEOUT_MS: '1000',
      LATENCY_BUDGET_MS: '2000',
    });
    const its = new Load(patient);
    await its.whole();
    for (let i = 0; i < 5; i++) {
      await fault();
      await sleep(200);
    }
    await its.stop();
    expect(its.answers.length).toBeGreaterThan(50);
    expect(its.answers.filter(isDegraded)).toEqual([]);
    await expectCleanEnd(patient);
  });
});
