import { afterEach, describe, expect, it } from 'vitest';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { redisEnv, redisPods, type RedisPod, type RedisPods } from '../support/redis-pods.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const CONTAINERS = ['redis.sh', 'sentinel.sh'];
const PASSWORDS = { REDIS_PASSWORD: 'p w"\\d', REDIS_SENTINEL_PASSWORD: 'an other' };
/** So that a failover takes a second here, and not five. */
const SOON = { DOWN_AFTER_MS: '1000' };

let running: RedisPods | undefined;
let api: ProductProcess | undefined;
afterEach(async () => {
  await api?.stop();
  await running?.stop();
  api = running = undefined;
});

const everywhere = (pods: readonly RedisPod[], holds: (pod: RedisPod) => Promise<boolean>) =>
  until(async () => (await Promise.all(pods.map(holds))).every(Boolean), 200);
const ready = (pods: readonly RedisPod[]): Promise<void> => everywhere(pods, (pod) => pod.isReady());

/** A failover needs sentinels that have found each other, and the replicas. */
const knowEachOther = (pods: readonly RedisPod[]): Promise<void> =>
  everywhere(pods, async (pod) => {
    const about = await pod.askSentinel('masters');
    return about.includes('num-slaves\n2') && about.includes('num-other-sentinels\n2');
  });

/** Decides one, with the store. */
async function decides(): Promise<void> {
  const answer = await post(`${api!.url}/v1/decisions`, aTransaction({}));
  expect(((await answer.json()) as { degraded: unknown[] }).degraded).toEqual([]);
}

describe('three pods with a Redis and a sentinel each', () => {
  async function start(more: Record<string, string> = {}): Promise<readonly RedisPod[]> {
    const env = await redisEnv('sentinel', 'NAME', 'QUORUM');
    running = await redisPods('sentinel', 3, { ...env, ...SOON, ...more });
    for (const pod of running.pods) for (const script of CONTAINERS) pod.start(script);
    await ready(running.pods);
    await knowEachOther(running.pods);
    return running.pods;
  }

  const roles = (pods: readonly RedisPod[]): Promise<string[]> => Promise.all(pods.map((pod) => pod.role()));
  const apiOf = (pods: readonly RedisPod[], more: Record<string, string> = {}): Promise<ProductProcess> =>
    startApi({
      REDIS_SENTINELS: pods.map(({ sentinelPort }) => `127.0.0.1:${sentinelPort}`).join(','),
      REDIS_MASTER_NAME: 'features',
      ...more,
    });

  it('are one primary with two replicas, which the product finds, also behind passwords', async () => {
    const pods = await start(PASSWORDS);
    expect(await roles(pods)).toEqual(['master', 'slave', 'slave']);
    api = await apiOf(pods, PASSWORDS);
    await decides();
    expect(await pods[0]!.ask('config', 'get', 'maxmemory-policy')).toBe('maxmemory-policy\nnoeviction');
    expect(await pods[0]!.ask('config', 'get', 'maxmemory')).toBe(`maxmemory\n${(2 ** 28 / 4) * 3}`);
    const stranger = await pods[1]!.ask('--no-auth-warning', '-a', 'wrong', 'dbsize');
    expect(stranger).toContain('NOAUTH');
  });

  it('have a new primary where the first is gone, which comes back as its replica', async () => {
    const pods = await start();
    api = await apiOf(pods);
    await decides();
    await pods[0]!.endAll('SIGKILL');
    await everywhere([pods[1]!, pods[2]!], async () => (await roles(pods)).slice(1).includes('master'));
    await until(async () => {
      const answer = await post(`${api!.url}/v1/decisions`, aTransaction({}));
      return ((await answer.json()) as { degraded: unknown[] }).degraded.length === 0;
    }, 200);
    for (const script of CONTAINERS) pods[0]!.start(script);
    await ready(pods);
    expect((await roles(pods)).toSorted()).toEqual(['master', 'slave', 'slave']);
    expect(await pods[0]!.role()).toBe('slave');
  });

  it('hand over before one ends, and go on as they were when all start anew: nothing is lost', async () => {
    const pods = await start();
    await pods[0]!.ask('set', 'kept', 'here');
    await pods[0]!.exec('hand-over.sh');
    await pods[0]!.exec('hand-over.sh');
    const before = await roles(pods);
    expect(before[0]).toBe('slave');
    expect(before.toSorted()).toEqual(['master', 'slave', 'slave']);
    const primary = pods[before.indexOf('master')]!;
    await primary.ask('set', 'later', 'too');
    await until(async () => (await pods[0]!.ask('get', 'later')) === 'too');
    await Promise.all(pods.map((pod) => pod.endAll()));
    for (const pod of pods) for (const script of CONTAINERS) pod.start(script);
    await ready(pods);
    expect(await roles(pods)).toEqual(before);
    for (const pod of pods) {
      await until(async () => (await pod.ask('get', 'later')) === 'too');
      expect(await pod.ask('get', 'kept')).toBe('here');
    }
  });
});

it('sentinels that start anew keep to what is set now, not to what they have written', async () => {
  const env = await redisEnv('sentinel', 'NAME', 'QUORUM');
  running = await redisPods('sentinel', 3, { ...env, ...SOON });
  const { pods } = running;
  const start = async (more: Record<string, string>): Promise<void> => {
    for (const pod of pods) for (const script of CONTAINERS) pod.start(script, more);
    await ready(pods);
    await knowEachOther(pods);
  };
  const settings = async (pod: RedisPod): Promise<string[]> => {
    const said = (await pod.askSentinel('master', env['NAME']!)).split('\n');
    return ['quorum', 'down-after-milliseconds', 'port'].map((name) => said[said.indexOf(name) + 1]!);
  };
  await start({});
  await pods[0]!.exec('hand-over.sh');
  // They go by the new one when its replicas do.
  const first = String(pods[0]!.port);
  await everywhere(pods, async (pod) => (await settings(pod))[2] !== first);
  const [, , primary] = await settings(pods[1]!);
  for (const changed of [
    { QUORUM: '3', DOWN_AFTER_MS: '2500' },
    { QUORUM: '2', DOWN_AFTER_MS: '700' },
  ]) {
    await Promise.all(pods.map((pod) => pod.endAll()));
    await start(changed);
    for (const pod of pods)
      expect(await settings(pod)).toEqual([changed.QUORUM, changed.DOWN_AFTER_MS, primary]);
  }
});

describe('pods that are one cluster', () => {
  const stateOf = async (pod: RedisPod): Promise<string> =>
    /cluster_state:(\w+)/.exec(await pod.ask('cluster', 'info'))?.[1] ?? '';
  const primaries = async (pods: readonly RedisPod[]): Promise<number> =>
    (await Promise.all(pods.map((pod) => pod.role()))).filter((role) => role === 'master').length;
  const slotsOf = async (pod: RedisPod): Promise<number> =>
    Number(/cluster_slots_ok:(\d+)/.exec(await pod.ask('cluster', 'info'))?.[1]);

  it('form it once, take in pods that come later, and keep what they hold', async () => {
    running = await redisPods('cluster', 12);
    const six = running.pods.slice(0, 6);
    for (const pod of six) pod.start('redis.sh');
    await everywhere(six, async (pod) => (await pod.ask('ping')) === 'PONG');
    const peersOf = (pods: readonly RedisPod[]): Record<string, string> => ({
      PEERS: pods.map(({ port }) => `127.0.0.1:${port}`).join(' '),
    });
    await six[0]!.exec('form.sh', peersOf(six));
    await ready(six);
    expect(await primaries(six)).toBe(3);
    api = await startApi({ REDIS_CLUSTER_NODES: six.map(({ port }) => `127.0.0.1:${port}`).join(',') });
    for (let i = 0; i < 20; i++) await decides();
    const keys = async (pods: readonly RedisPod[]): Promise<number> => {
      const found = await Promise.all(
        pods.map(async (pod) => ((await pod.role()) === 'master' ? Number(await pod.ask('dbsize')) : 0)),
      );
      return found.reduce((a, b) => a + b, 0);
    };
    const held = await keys(six);
    expect(held).toBeGreaterThan(20);

    for (const pod of running.pods.slice(6)) pod.start('redis.sh');
    await everywhere(running.pods, async (pod) => (await pod.ask('ping')) === 'PONG');
    await six[0]!.exec('form.sh');
    await ready(running.pods);
    expect(await primaries(running.pods)).toBe(6);
    await everywhere(running.pods, async (pod) => (await slotsOf(pod)) === 16_384);
    expect(await keys(running.pods)).toBeGreaterThanOrEqual(held);
    await decides();

    // Once more changes nothing.
    const nodes = await six[0]!.ask('cluster', 'myid');
    await six[0]!.exec('form.sh');
    expect(await six[0]!.ask('cluster', 'myid')).toBe(nodes);
    expect(await primaries(running.pods)).toBe(6);
  });

  it('hand over before one ends, and are whole again when all start anew', async () => {
    running = await redisPods('cluster', 6, PASSWORDS);
    const { pods } = running;
    for (const pod of pods) pod.start('redis.sh');
    await pods[0]!.exec('form.sh');
    await ready(pods);
    const roles = await Promise.all(pods.map((pod) => pod.role()));
    const primary = pods[roles.indexOf('master')]!;
    await primary.exec('hand-over.sh');
    expect(await primary.role()).toBe('slave');
    expect(await primaries(pods)).toBe(3);
    await Promise.all(pods.map((pod) => pod.endAll()));
    for (const pod of pods) pod.start('redis.sh');
    await ready(pods);
    await everywhere(pods, async (pod) => (await stateOf(pod)) === 'ok');
    expect(await primaries(pods)).toBe(3);
  });
});
