import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServices } from '../../scripts/lib/services/for-tests.mjs';
import { services } from '../support/services-script.js';

async function ask(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

describe('scripts/services with postgres', () => {
  const directories: string[] = [];
  const started = async (directory: string) => {
    const run = await services(['start', 'postgres', '--dir', directory]);
    return /^export DATABASE_URL=(postgres:\S+)$/m.exec(run.stdout)?.[1] ?? `no URL: ${run.stderr}`;
  };
  beforeAll(async () => {
    for (const _ of [1, 2]) directories.push(await mkdtemp(path.join(tmpdir(), 'services-postgres-')));
  });
  afterAll(async () => {
    for (const directory of directories) {
      await services(['stop', 'postgres', '--dir', directory]);
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('starts some side by side, each with its own data, and stops them under their clients', async () => {
    const [one, two] = await Promise.all(directories.map(started));
    await ask(one!, 'create table mine (n int)');
    expect(await ask(one!, "select to_regclass('mine')::text")).toEqual(['mine']);
    expect(await ask(two!, "select to_regclass('mine')::text")).toEqual([null]);
    expect(await started(directories[0]!)).toBe(one);

    const client = new pg.Client({ connectionString: one! });
    const gone = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    expect((await services(['stop', 'postgres', '--dir', directories[0]!])).stderr).toContain('stopped (pid');
    await gone;
    await expect(ask(one!, 'select 1')).rejects.toThrow('ECONNREFUSED');
    expect(await ask(two!, 'select 1')).toEqual([1]);

    const again = await started(directories[0]!);
    expect(await ask(again, "select to_regclass('mine')::text")).toEqual([null]);
  });
});

describe('a Postgres of a test', () => {
  it('comes back with its data after it was killed under load, as often as that happens', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'own-postgres-'));
    const { urls, nodes, stop } = await startServices(['postgres'], directory, { own: true });
    const [url, node] = [urls['postgres']!, nodes['postgres']![0]!];
    try {
      await ask(url, 'create table kept (n int)');
      for (let n = 0; n < 5; n++) {
        await ask(url, `insert into kept values (${n})`);
        const busy = ask(url, 'select count(*) from generate_series(1, 100000000)').catch(() => undefined);
        await node.kill();
        await busy;
        await node.start();
      }
      expect(await ask(url, 'select count(*)::int from kept')).toEqual([5]);
      node.pause();
      const waiting = ask(url, 'select 2');
      node.resume();
      expect(await waiting).toEqual([2]);
    } finally {
      await stop();
    }
  });
});
