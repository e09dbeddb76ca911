import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRedis, type Redis } from '@fraud/platform';
import {
  expectCleanEnd,
  expectTruth,
  isDegraded,
  LIMITS,
  Load,
  RECOVERY_MS,
  redisUp,
} from '../support/load.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { startRedisCluster, startRedisSentinel, type RedisNodes } from '../support/redis-nodes.js';
import { until } from '../support/until.js';

// What befalls all nodes at once; what befalls one of them is in the files of the topologies.
describe.each([
  { name: 'a Redis behind sentinels', startNodes: startRedisSentinel, dataNodes: 2 },
  { name: 'a Redis Cluster', startNodes: startRedisCluster, dataNodes: 6 },
])('$name under load', ({ startNodes, dataNodes }) => {
  let redis: RedisNodes;
  let admins: Redis[];
  let api: ProductProcess;
  let load: Load;

  beforeAll(async () => {
    redis = await startNodes();
    admins = redis.nodes.slice(0, dataNodes).map(({ port }) => openRedis(`redis://127.0.0.1:${port}`));
    for (const admin of admins) admin.on('error', () => undefined);
    await Promise.all(admins.map((admin) => admin.connect()));
  });
  beforeEach(async () => {
    api = await startApi({ ...redis.env, ...LIMITS });
    load = new Load(api);
    await load.whole();
  });
  afterEach(async () => {
    await load.stop();
    await api.stop();
  });
  async function expectTruthAtLast(): Promise<void> {
    await load.stop();
    expectTruth(load);
    await expectCleanEnd(api);
  }

  afterAll(async () => {
    for (const admin of admins) admin.disconnect();
    await redis.stop();
  });

  const everywhere = (work: (node: Redis) => Promise<unknown>): Promise<unknown> =>
    Promise.all(admins.map(work));
  /** Replicas follow, and may not be written to. */
  const onPrimaries = (work: (node: Redis) => Promise<unknown>): Promise<unknown> =>
    everywhere(async (node) => {
      if ((await node.info('replication')).includes('role:master')) await work(node);
    });

  it.each([
    ['forgets its scripts', () => everywhere((node) => node.script('FLUSH'))],
    ['is emptied (FLUSHALL)', () => onPrimaries((node) => node.flushall())],
  ])('that %s: every answer is in time, and whole', async (_, fault) => {
    for (let i = 0; i < 5; i++) {
      await fault();
      await sleep(200);
    }
    await load.whole();
    await expectTruthAtLast();
    // A turn that a busy machine kept waiting may be among them, no more.
    expect(load.answers.filter(isDegraded).length).toBeLessThan(load.answers.length / 20);
  });

  it('that has no memory left (noeviction): in time, degraded and saying so; whole again within five seconds of its end', async () => {
    await everywhere((node) => node.config('SET', 'maxmemory', '1'));
    await load.degraded();
    await until(async () => (await redisUp(api)) === 0);
    await sleep(1000);
    await everywhere((node) => node.config('SET', 'maxmemory', '0'));
    const endedAt = performance.now();
    expect((await load.whole()) - endedAt).toBeLessThan(RECOVERY_MS);
    await until(async () => (await redisUp(api)) === 1);
    await expectTruthAtLast();
  });

  it('whose connections are reset again and again: in time, and truthful; whole again within five seconds of its end', async () => {
    for (let i = 0; i < 20; i++) {
      await everywhere((node) => node.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
      await sleep(100);
    }
    const endedAt = performance.now();
    expect((await load.whole()) - endedAt).toBeLessThan(RECOVERY_MS);
    await expectTruthAtLast();
  });
});
