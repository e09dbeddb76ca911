import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { services, type Run } from '../support/services-script.js';

function urlIn(run: Run): string {
  return (
    /^export REDIS_URL=(redis:\/\/127\.0\.0\.1:\d+)\n$/.exec(run.stdout)?.[1] ??
    `no URL in: ${run.stdout}${run.stderr}`
  );
}

async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

const ping = (url: string) => withRedis(url, (redis) => redis.ping());

describe('scripts/services', () => {
  const directories: string[] = [];
  const directory = async () => {
    const made = await mkdtemp(path.join(tmpdir(), 'services-spec-'));
    directories.push(made);
    return made;
  };
  const stateOf = async (dir: string) =>
    JSON.parse(await readFile(path.join(dir, 'redis.json'), 'utf8')) as { nodes: object[] };

  afterAll(async () => {
    for (const dir of directories) {
      await services(['stop', 'redis', '--dir', dir]);
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('starts a Redis that answers at once and writes nothing to disk, and stops it again', async () => {
    const dir = await directory();
    expect((await services(['status', 'redis', '--dir', dir])).code).toBe(3);

    const url = urlIn(await services(['start', 'redis', '--dir', dir]));
    expect(await ping(url)).toBe('PONG');
    expect(await withRedis(url, (redis) => redis.config('GET', 'save'))).toEqual(['save', '']);
    const status = await services(['status', 'redis', '--dir', dir]);
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(url) });

    const stopped = await services(['stop', 'redis', '--dir', dir]);
    expect(stopped.stderr).toContain('stopped (pid ');
    await expect(ping(url)).rejects.toThrow('Connection is closed');
    expect((await services(['status', 'redis', '--dir', dir])).code).toBe(3);
  });

  it('gives the same Redis to a second and to simultaneous starts', async () => {
    const dir = await directory();
    const runs = await Promise.all([1, 2, 3].map(() => services(['start', 'redis', '--dir', dir])));
    const again = await services(['start', 'redis', '--dir', dir]);
    expect(new Set([...runs, again].map(urlIn)).size).toBe(1);
    expect(again.stderr).toContain('already running');
  });

  it('knows its own by the URL that it exported, and starts another when that one died', async () => {
    const dir = await directory();
    const more = { REDIS_URL: urlIn(await services(['start', 'redis', '--dir', dir])) };
    const again = await services(['start', 'redis', '--dir', dir], more);
    expect(again.stderr).toContain('already running');
    await withRedis(more.REDIS_URL, (redis) => redis.shutdown('NOSAVE').catch(() => undefined));
    const url = urlIn(await services(['start', 'redis', '--dir', dir], more));
    expect(url).not.toBe(more.REDIS_URL);
    expect(await ping(url)).toBe('PONG');
  });

  it('runs side by side with others, each with its own data', async () => {
    const [one, two] = [await directory(), await directory()];
    const runs = await Promise.all([one, two].map((dir) => services(['start', 'redis', '--dir', dir])));
    const [first, second] = runs.map(urlIn) as [string, string];
    expect(first).not.toBe(second);
    await withRedis(first, (redis) => redis.set('side', 'one'));
    expect(await withRedis(second, (redis) => redis.get('side'))).toBeNull();

    await services(['stop', 'redis', '--dir', one]);
    expect(await ping(second)).toBe('PONG');
  });

  describe('stops only its own process', () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    afterAll(() => void bystander.kill());

    it('when the pid has gone to another program', async () => {
      const dir = await directory();
      const node = { pid: bystander.pid, started: '0', command: { words: ['redis-server'] } };
      const state = { url: 'redis://127.0.0.1:1', nodes: [node] };
      await writeFile(path.join(dir, 'redis.json'), JSON.stringify(state));
      expect((await services(['stop', 'redis', '--dir', dir])).stderr).toContain('was not running any more');
      expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    });

    it('when the pid has gone to a later Redis', async () => {
      const dir = await directory();
      const url = urlIn(await services(['start', 'redis', '--dir', dir]));
      const state = await stateOf(dir);
      const other = await directory();
      const nodes = state.nodes.map((node) => ({ ...node, started: '1' }));
      await writeFile(path.join(other, 'redis.json'), JSON.stringify({ ...state, nodes }));
      await services(['stop', 'redis', '--dir', other]);
      expect(await ping(url)).toBe('PONG');
    });
  });

  describe('with REDIS_URL in the environment', () => {
    const redisUrl = inject('redisUrl');
    let dir: string;
    beforeAll(async () => {
      dir = await directory();
    });

    it('uses that Redis and never stops it', async () => {
      const more = { REDIS_URL: redisUrl };
      expect((await services(['start', 'redis', '--dir', dir], more)).stdout).toContain(redisUrl);
      expect((await services(['stop', 'redis', '--dir', dir], more)).stderr).toContain(
        'not started from here',
      );
      expect(await ping(redisUrl)).toBe('PONG');
    });

    it('fails, and says what to do, when nothing answers there', async () => {
      const more = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
      const run = await services(['start', 'redis', '--dir', dir], more);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toMatch(/does not answer.*ECONNREFUSED[\s\S]*unset REDIS_URL/);
    });
  });
});
