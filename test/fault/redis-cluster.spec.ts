import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRedis, type Redis } from '@fraud/platform';
import { expectCleanEnd, expectTruth, isDegraded, LIMITS, Load, RECOVERY_MS } from '../support/load.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { startRedisCluster, type RedisCluster } from '../support/redis-nodes.js';
import { until } from '../support/until.js';

const FIRST_DAY_SLOT = 24;
const SLOT_BYTES = 20;

describe('a Redis Cluster', () => {
  let redis: RedisCluster;
  let api: ProductProcess;
  let load: Load;

  beforeEach(async () => {
    redis = await startRedisCluster();
    api = await startApi({ ...redis.env, ...LIMITS });
    load = new Load(api);
    await load.whole();
  });
  afterEach(async () => {
    await load.stop();
    await api.stop();
    await redis.stop();
  });

  async function onNode<T>(index: number, work: (node: Redis) => Promise<T>): Promise<T> {
    const node = openRedis(`redis://127.0.0.1:${redis.nodes[index]!.port}`);
    node.on('error', () => undefined);
    try {
      await node.connect();
      return await work(node);
    } finally {
      node.disconnect();
    }
  }

  const isPrimary = (index: number): Promise<boolean> =>
    onNode(index, async (node) => (await node.info('replication')).includes('role:master')).catch(
      () => false,
    );

  /** Transactions that the rings of merchants have counted, all together. */
  async function counted(): Promise<number> {
    let n = 0;
    for (let index = 0; index < redis.nodes.length; index++) {
      if (!(await isPrimary(index))) continue;
      n += await onNode(index, async (node) => {
        const rings = await Promise.all((await node.keys('fd?:m:*')).map((key) => node.getBuffer(key)));
        let sum = 0;
        for (const ring of rings)
          for (let at = FIRST_DAY_SLOT * SLOT_BYTES; at + SLOT_BYTES <= ring!.length; at += SLOT_BYTES)
            sum += ring!.readUInt32LE(at + 4);
        return sum;
      });
    }
    return n;
  }

  /** Everything is answered and committed; nothing counts twice. */
  async function expectTruthAtLast(): Promise<void> {
    await load.stop();
    expectTruth(load);
    await expectCleanEnd(api);
    expect(await counted()).toBeLessThanOrEqual(load.answers.length);
  }

  it('whole: every transaction counts once', async () => {
    await load.stop();
    await expectCleanEnd(api);
    expect(await counted()).toBe(load.answers.length);
  });

  it('whose primary is killed under load: its replica takes over, what was decided is known, and nothing counts twice', async () => {
    const [first] = load.answers;
    await redis.nodes[0]!.kill();
    await load.degraded();
    await until(() => isPrimary(3), 20);
    const promotedAt = performance.now();
    expect((await load.whole()) - promotedAt).toBeLessThan(RECOVERY_MS);
    expect((await load.send(first!.transaction)).decision).toEqual(first!.decision);
    await expectTruthAtLast();
    // What was decided while nobody knew the outcome may be missing, nothing else.
    expect(await counted()).toBeGreaterThan(load.answers.filter((one) => !isDegraded(one)).length * 0.9);
  });

  it('whose primary hangs for five seconds: its replica takes over, and the old one comes back as a replica', async () => {
    redis.nodes[1]!.pause();
    const hangs = sleep(5000);
    await load.degraded();
    await until(() => isPrimary(4), 20);
    const promotedAt = performance.now();
    expect((await load.whole()) - promotedAt).toBeLessThan(RECOVERY_MS);
    await hangs;
    redis.nodes[1]!.resume();
    await until(async () => !(await isPrimary(1)));
    await load.whole();
    await expectTruthAtLast();
  });

  it('that loses a primary and its replica: degraded as long as slots are nobody’s, whole when they are back', async () => {
    await Promise.all([redis.nodes[2]!.kill(), redis.nodes[5]!.kill()]);
    await load.degraded();
    await sleep(2000);
    await Promise.all([redis.nodes[2]!.start(), redis.nodes[5]!.start()]);
    const backAt = performance.now();
    expect((await load.whole()) - backAt).toBeLessThan(RECOVERY_MS);
    await expectTruthAtLast();
  });

  it('whose slots move under load: each transaction is answered, and counts once', async () => {
    const [from, to] = [0, 1];
    const ids = await Promise.all([from, to].map((index) => onNode(index, (node) => node.cluster('MYID'))));
    // Of a merchant that the load has, and its neighbours.
    const slots = await onNode(from, async (node) => {
      const rings = await node.keys('fd?:m:*');
      return await Promise.all(rings.map((key) => node.cluster('KEYSLOT', key)));
    });
    expect(slots.length).toBeGreaterThan(0);
    for (const slot of slots) {
      await onNode(to, (node) => node.cluster('SETSLOT', slot, 'IMPORTING', ids[0]!));
      await onNode(from, async (node) => {
        await node.cluster('SETSLOT', slot, 'MIGRATING', ids[1]!);
        await sleep(100);
        for (;;) {
          const keys = await node.cluster('GETKEYSINSLOT', slot, 100);
          if (keys.length === 0) break;
          await node.call('MIGRATE', '127.0.0.1', redis.nodes[to]!.port, '', 0, 5000, 'KEYS', ...keys);
        }
      });
      for (const index of [to, from, 2]) {
        await onNode(index, (node) => node.cluster('SETSLOT', slot, 'NODE', ids[1]!));
      }
    }
    const movedAt = performance.now();
    expect((await load.whole()) - movedAt).toBeLessThan(RECOVERY_MS);
    await expectTruthAtLast();
    expect(await counted()).toBe(load.answers.length);
  });
});
