import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRedis } from '@fraud/platform';
import { expectCleanEnd, expectTruth, isDegraded, LIMITS, Load, RECOVERY_MS } from '../support/load.js';
import { runToEnd, startApi, type ProductProcess } from '../support/product-process.js';
import { startRedisSentinel, type RedisNodes } from '../support/redis-nodes.js';
import { until } from '../support/until.js';

describe('a Redis behind sentinels', () => {
  let redis: RedisNodes;
  let api: ProductProcess;
  let load: Load;

  beforeEach(async () => {
    redis = await startRedisSentinel();
    api = await startApi({ ...redis.env, ...LIMITS });
    load = new Load(api);
    await load.whole();
  });
  afterEach(async () => {
    await load.stop();
    await api.stop();
    await redis.stop();
  });

  /** Asks the last of the sentinels. */
  async function sentinel<T>(...words: string[]): Promise<T> {
    const client = openRedis(`redis://127.0.0.1:${redis.nodes.at(-1)!.port}`);
    await client.connect();
    const reply = (await client.call('SENTINEL', ...words)) as T;
    client.disconnect();
    return reply;
  }

  const primaryPort = async (): Promise<number> =>
    Number((await sentinel<[string, string]>('GET-MASTER-ADDR-BY-NAME', 'mymaster'))[1]);

  /** Resolves when the sentinels have made the replica the primary. */
  const promoted = (): Promise<void> => until(async () => (await primaryPort()) === redis.nodes[1]!.port, 20);

  async function expectWholeSoon(): Promise<void> {
    const promotedAt = performance.now();
    expect((await load.whole()) - promotedAt).toBeLessThan(RECOVERY_MS);
    await load.stop();
    expectTruth(load);
    await expectCleanEnd(api);
  }

  it('whose primary is killed under load: the replica takes over, and what was decided before is known', async () => {
    const [first] = load.answers;
    await redis.nodes[0]!.kill();
    await load.degraded();
    await promoted();
    await load.whole();
    // Replication is a moment behind, not more.
    const again = await load.send(first!.transaction);
    expect(again.decision).toEqual(first!.decision);
    await expectWholeSoon();
  });

  it('whose primary hangs for five seconds: the replica takes over, and the old primary does not come back as one', async () => {
    redis.nodes[0]!.pause();
    await load.degraded();
    const hangs = sleep(5000);
    await promoted();
    expect((await load.whole()) - performance.now()).toBeLessThan(RECOVERY_MS);
    await hangs;
    redis.nodes[0]!.resume();
    await sleep(1000);
    expect(await primaryPort()).toBe(redis.nodes[1]!.port);
    await expectWholeSoon();
  });

  it('whose primary is changed by hand: READONLY replies lead to the new one', async () => {
    await sentinel('FAILOVER', 'mymaster');
    await promoted();
    await expectWholeSoon();
    expect(load.answers.slice(0, 10).some(isDegraded)).toBe(false);
  });

  it('under a name that the sentinels do not know: the API does not start, and says so', async () => {
    const { code, output } = await runToEnd('api', { ...redis.env, REDIS_MASTER_NAME: 'other' });
    expect(code).toBe(1);
    expect(output).toContain('REDIS_MASTER_NAME is "other", but the sentinels know no such primary');
  });

  it('whose sentinels are all away: the API serves on, and starts', async () => {
    for (const node of redis.nodes.slice(2)) await node.kill();
    await sleep(2000);
    await load.whole();
    await load.stop();
    expectTruth(load);
    const other = await startApi({ ...redis.env, ...LIMITS });
    const otherLoad = new Load(other);
    await otherLoad.degraded();
    await Promise.all(redis.nodes.slice(2).map((node) => node.start()));
    await otherLoad.whole();
    await otherLoad.stop();
    await expectCleanEnd(other);
  });
});
