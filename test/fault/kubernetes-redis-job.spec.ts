import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { redisPods, type RedisPod, type RedisPods } from '../support/redis-pods.js';
import { until } from '../support/until.js';

const SLOTS = 16_384;
const KEYS = 2000;

let running: RedisPods | undefined;
let client: Cluster | undefined;
afterEach(async () => {
  client?.disconnect();
  await running?.stop();
  running = client = undefined;
});

/** Times to wait, the same in every run. */
function delays(seed: number): (low: number, high: number) => number {
  const generator = xoroshiro128plus(seed);
  return (low, high) => uniformInt(generator, low, high);
}

const peersOf = (pods: readonly RedisPod[]): Record<string, string> => ({
  PEERS: pods.map(({ port }) => `127.0.0.1:${port}`).join(' '),
});
const answering = (pods: readonly RedisPod[]): Promise<void> =>
  until(async () => (await Promise.all(pods.map((pod) => pod.ask('ping')))).every((said) => said === 'PONG'));

async function started(count: number): Promise<readonly RedisPod[]> {
  running = await redisPods('cluster', count);
  for (const pod of running.pods) pod.start('redis.sh');
  await answering(running.pods);
  return running.pods;
}

/** Slots of each primary, and how many replicas it has: by what one node says. */
async function shape(pod: RedisPod): Promise<{ slots: number; replicas: number }[]> {
  const nodes = (await pod.ask('cluster', 'nodes')).split('\n').map((line) => line.split(' '));
  expect(nodes.filter((fields) => /fail|noaddr|handshake/.test(fields[2]!))).toEqual([]);
  // Nothing is half-moved.
  expect(nodes.flatMap((fields) => fields.slice(8)).filter((range) => range.startsWith('['))).toEqual([]);
  return nodes
    .filter((fields) => fields[2]!.includes('master'))
    .map(([id, , , , , , , , ...ranges]) => ({
      slots: ranges
        .map((range) => range.split('-').map(Number))
        .reduce((sum, [from, to = from]) => sum + to! - from! + 1, 0),
      replicas: nodes.filter((fields) => fields[3] === id).length,
    }));
}

/** Every primary with its replica and its share, as every node has it. */
async function expectWhole(pods: readonly RedisPod[]): Promise<void> {
  const primaries = pods.length / 2;
  for (const pod of pods) {
    const seen = await shape(pod);
    expect(seen.map(({ replicas }) => replicas)).toEqual(Array.from({ length: primaries }, () => 1));
    expect(seen.reduce((sum, { slots }) => sum + slots, 0)).toBe(SLOTS);
    // What redis-cli calls balanced.
    expect(Math.min(...seen.map(({ slots }) => slots))).toBeGreaterThan((SLOTS / primaries) * 0.97);
    expect(await pod.ask('cluster', 'info')).toContain('cluster_state:ok');
  }
}

const clientOf = (pods: readonly RedisPod[]): Cluster =>
  (client = new Cluster(pods.map(({ port }) => ({ host: '127.0.0.1', port }))));
const names = Array.from({ length: KEYS }, (_, i) => `key-${i}`);
const write = async (): Promise<void> => {
  await Promise.all(names.map((name) => client!.set(name, `of ${name}`)));
};
const lost = async (): Promise<string[]> => {
  const found = await Promise.all(names.map((name) => client!.get(name)));
  return names.filter((name, i) => found[i] !== `of ${name}`);
};

describe('the job that forms the cluster, after one that was killed', () => {
  let pods: readonly RedisPod[];
  beforeEach(async () => {
    pods = await started(6);
  });
  const slots = (pod: RedisPod, from: number, to: number): Promise<string> =>
    pod.ask('cluster', 'addslotsrange', String(from), String(to));
  const meet = (pod: RedisPod, other: RedisPod): Promise<string> =>
    pod.ask('cluster', 'meet', '127.0.0.1', String(other.port));

  /** What `redis-cli --cluster create` does, in its order; it may end behind each of these. */
  const STEPS = [
    ['one has slots', () => slots(pods[0]!, 0, 5460)],
    ['another has slots', () => slots(pods[1]!, 5461, 10_922)],
    ['all primaries have slots', () => slots(pods[2]!, 10_923, 16_383)],
    [
      'they have epochs',
      () => Promise.all(pods.map((pod, i) => pod.ask('cluster', 'set-config-epoch', String(i + 1)))),
    ],
    ['one has met the first', () => meet(pods[1]!, pods[0]!)],
    ['some have met the first', () => Promise.all([3, 4].map((i) => meet(pods[i]!, pods[0]!)))],
    ['all have met the first', () => Promise.all([2, 5].map((i) => meet(pods[i]!, pods[0]!)))],
    [
      'one follows',
      async () => {
        const first = await pods[0]!.ask('cluster', 'myid');
        await until(async () => (await pods[3]!.ask('cluster', 'replicate', first)) === 'OK');
      },
    ],
  ] as const;
  // Those behind which what there is differs most.
  const POINTS = [
    { after: 'one has slots', keys: true },
    { after: 'another has slots', keys: false },
    { after: 'they have epochs', keys: true },
    { after: 'some have met the first', keys: true },
    { after: 'all have met the first', keys: false },
    { after: 'one follows', keys: true },
  ];

  it.each(POINTS)('goes on from where $after; with keys there: $keys', async ({ after, keys }) => {
    for (const [name, step] of STEPS) {
      await step();
      if (name === after) break;
    }
    // In the slots of the first.
    if (keys) await until(async () => (await pods[0]!.ask('set', '{06S}kept', 'here')) === 'OK');
    await pods[0]!.exec('form.sh');
    await expectWhole(pods);
    clientOf(pods);
    expect(await client!.get('{06S}kept')).toBe(keys ? 'here' : null);
    await write();
    expect(await lost()).toEqual([]);
  });

  it.each([1, 2])('makes one cluster where it is killed time and again (%d)', async (seed) => {
    const within = delays(seed);
    for (let i = 0; i < 6; i++) {
      const job = pods[0]!.job('form.sh');
      await Promise.race([sleep(within(100, 3000)), job.ended]);
      await job.kill();
    }
    await pods[0]!.exec('form.sh');
    await expectWhole(pods);
  });

  it('says so, and leaves all as it is, where two nodes have the same slots and there are keys', async () => {
    await slots(pods[0]!, 0, 5460);
    await slots(pods[1]!, 5000, 10_000);
    await until(async () => (await pods[0]!.ask('set', '{06S}kept', 'here')) === 'OK');
    const refused = await pods[0]!.exec('form.sh').catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('two nodes have the same slots'),
    });
    expect(await pods[0]!.ask('get', '{06S}kept')).toBe('here');
    expect(await pods[1]!.ask('cluster', 'info')).toContain('cluster_known_nodes:1');
  });
});

it('growth that is killed while slots move goes on, and no key is lost', async () => {
  const pods = await started(12);
  const six = pods.slice(0, 6);
  await six[0]!.exec('form.sh', peersOf(six));
  clientOf(six);
  await write();
  const within = delays(21);
  let broken = 0;
  for (let i = 0; i < 12; i++) {
    const job = six[0]!.job('form.sh');
    if (i < 4) await Promise.race([sleep(within(300, 2800)), job.ended]);
    else {
      await Promise.race([until(() => job.said().includes('Moving')), job.ended]);
      await sleep(within(0, 700));
    }
    await job.kill();
    const nodes = await Promise.all(pods.map((pod) => pod.ask('cluster', 'nodes')));
    if (nodes.some((said) => said.includes('['))) broken++;
    expect(await lost()).toEqual([]);
  }
  expect(broken).toBeGreaterThan(0);
  await six[0]!.exec('form.sh');
  await expectWhole(pods);
  expect(await lost()).toEqual([]);
});
