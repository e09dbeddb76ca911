import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectRedis,
  FileControlStore,
  openCluster,
  openRedis,
  RedisControlStore,
  RedisPool,
  type Cluster,
  type ControlStore,
  type CountSpan,
  type Redis,
} from '@fraud/platform';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startRedisCluster, type RedisCluster } from '../support/redis-nodes.js';
import { emptyDatabase } from '../support/redis-database.js';

const DATABASE = 8;

const minutes = (at: number, periods: number): CountSpan => ({ at, periods, periodMs: 60_000 });

let directory: string;
let redisUrl: string;
let cluster: RedisCluster;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'control-'));
  redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
  cluster = await startRedisCluster();
});
afterAll(async () => {
  await cluster.stop();
  await rm(directory, { recursive: true });
});

describe.each([
  ['files', (): Promise<ControlStore> => Promise.resolve(new FileControlStore(directory))],
  [
    'Redis',
    async (): Promise<ControlStore> => {
      const client = openRedis(redisUrl);
      await client.connect();
      return new RedisControlStore(new RedisPool<Redis | Cluster>([{ client }], 32));
    },
  ],
  [
    'a Redis cluster',
    async (): Promise<ControlStore> => {
      const client = openCluster(cluster.settings);
      await connectRedis(client, cluster.settings);
      return new RedisControlStore(new RedisPool<Redis | Cluster>([{ client }], 32));
    },
  ],
])('documents in %s', (_, open) => {
  it('are null at first, and what was written last from then on, for everyone', async () => {
    const [one, other] = [await open(), await open()];
    expect(await one.read('first')).toBeNull();
    expect(await one.replace('first', 0, { revision: 1, by: 'one' } as never)).toBe(true);
    expect(await other.read('first')).toEqual({ revision: 1, by: 'one' });
    expect(await one.read('another')).toBeNull();
    await Promise.all([one.close(), other.close()]);
  });

  it('are not replaced by who has seen an older one', async () => {
    const store = await open();
    await store.replace('old', 0, { revision: 7 });
    for (const expected of [0, 6, 8])
      expect(await store.replace('old', expected, { revision: 9 })).toBe(false);
    expect(await store.read('old')).toEqual({ revision: 7 });
    expect(await store.replace('old', 7, { revision: 8 })).toBe(true);
    await store.close();
  });

  it('counters of a shorter span have nothing of what came after it, and take nothing from a longer one', async () => {
    const store = await open();
    for (const at of [200, 201, 202]) await store.count('spans', minutes(at, 3), { decisions: at });
    expect(await store.count('spans', minutes(201, 1), {})).toEqual({ decisions: 201 });
    expect(await store.count('spans', minutes(202, 3), {})).toEqual({ decisions: 603 });
    await store.close();
  });

  it('counters are summed over the last minutes', async () => {
    const store = await open();
    await store.count('rollout', minutes(100, 3), { decisions: 10, errors: 1 });
    await store.count('rollout', minutes(101, 3), { decisions: 5, errors: 0 });
    expect(await store.count('rollout', minutes(102, 3), { decisions: 2 })).toEqual({
      decisions: 17,
      errors: 1,
    });
    expect(await store.count('rollout', minutes(103, 3), { decisions: 0 })).toMatchObject({ decisions: 7 });
    expect(await store.count('another', minutes(103, 3), {})).toEqual({});
    await store.close();
  });
});

describe('documents in Redis', () => {
  it('that many change at once are changed by one of them at a time: no change is lost', async () => {
    const client = openRedis(redisUrl);
    await client.connect();
    const store = new RedisControlStore(new RedisPool<Redis | Cluster>([{ client }], 32));
    const add = async (): Promise<void> => {
      for (let done = false; !done;) {
        const revision = (await store.read('contended'))?.revision ?? 0;
        done = await store.replace('contended', revision, { revision: revision + 1 });
      }
    };
    await Promise.all(Array.from({ length: 20 }, add));
    expect(await store.read('contended')).toEqual({ revision: 20 });
    await store.close();
  });

  it('counters of all instances are summed, and are forgotten', async () => {
    const client = openRedis(redisUrl);
    await client.connect();
    const [one, other] = [
      new RedisControlStore(new RedisPool<Redis | Cluster>([{ client }], 32)),
      new RedisControlStore(new RedisPool<Redis | Cluster>([{ client }], 32)),
    ];
    await one.count('shared', minutes(7, 10), { decisions: 3 });
    expect(await other.count('shared', minutes(7, 10), { decisions: 4 })).toEqual({ decisions: 7 });
    expect(await client.ttl('fraud:control:{shared}:7')).toBeGreaterThan(600);
    // Ten parts of a day are to be there for a day.
    await one.count('long', { at: 9, periods: 10, periodMs: 8_640_000 }, { decisions: 1 });
    expect(await client.ttl('fraud:control:{long}:9')).toBeGreaterThan(86_400);
    await one.close();
  });

  it('cannot be read while Redis is away: that is said at once, not waited for', async () => {
    const client = openRedis('redis://127.0.0.1:1');
    client.on('error', () => undefined);
    const store = new RedisControlStore(new RedisPool<Redis | Cluster>([{ client }], 32));
    await expect(store.read('any')).rejects.toMatchObject({ name: 'ControlUnavailable' });
    await store.close();
  });
});

describe('documents in files', () => {
  it('half a file is none', async () => {
    await writeFile(join(directory, 'half.json'), '{"revision": 3, "act');
    expect(await new FileControlStore(directory).read('half')).toBeNull();
  });

  it('cannot be changed where the directory cannot be made: that is said', async () => {
    const store = new FileControlStore(join(directory, 'half.json', 'below'));
    await expect(store.replace('any', 0, { revision: 1 })).rejects.toMatchObject({
      name: 'ControlUnavailable',
    });
  });
});
