import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServices, type ServiceNode } from '../../scripts/lib/services/for-tests.mjs';
import { services } from '../support/services-script.js';
import { until } from '../support/until.js';

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

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
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
  let postgres: Awaited<ReturnType<typeof startServices>>;
  let url: string;
  let node: ServiceNode;
  beforeEach(async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'own-postgres-'));
    postgres = await startServices(['postgres'], directory, { own: true });
    url = postgres.urls['postgres']!;
    node = postgres.nodes['postgres']![0]!;
  });
  afterEach(() => postgres.stop());

  /** A query that computes for long, and meanwhile does not see that its server has gone. */
  const keepBusy = async (): Promise<{ lost: Promise<unknown> }> => {
    const lost = ask(
      url,
      'select count(*) from generate_series(1, 50000) a, generate_series(1, 50000) b',
    ).catch((error: unknown) => error);
    const running = `select count(*)::int from pg_stat_activity
      where state = 'active' and query like '%generate_series%' and pid <> pg_backend_pid()`;
    await until(async () => (await ask(url, running))[0] === 1);
    return { lost };
  };

  it('starts at once, with its data, after it was killed in the middle of a query', async () => {
    await ask(url, 'create table kept (n int)');
    for (let n = 0; n < 3; n++) {
      await ask(url, `insert into kept values (${n})`);
      const { lost } = await keepBusy();
      await node.kill();
      await node.start();
      expect(await lost).toBeInstanceOf(Error);
    }
    expect(await ask(url, 'select n from kept order by n')).toEqual([0, 1, 2]);
  });

  it('answers nothing while it is paused, also on a connection that was open before', async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    for (let n = 0; n < 3; n++) {
      node.pause();
      let answered = false;
      const [known, unknown] = [client.query('select 1'), ask(url, 'select 2')];
      void Promise.race([known, unknown]).then(() => (answered = true));
      await sleep(500);
      expect(answered).toBe(false);
      node.resume();
      expect((await known).rowCount).toBe(1);
      expect(await unknown).toEqual([2]);
    }
    await client.end();
  });

  it.each(['busy', 'paused'])('is stopped while it is %s, and leaves no process', async (how) => {
    const { lost } = await keepBusy();
    const { pid } = node;
    const processes = (await ask(url, 'select pid from pg_stat_activity')) as number[];
    if (how === 'paused') node.pause();
    await postgres.stop();
    await lost;
    const left = () => [pid, ...processes].filter(isThere);
    // The system tidies up what has ended without its parent.
    await until(() => left().length === 0);
    expect(left()).toEqual([]);
  });
});
