import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision } from '@fraud/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServices } from '../../scripts/lib/services/for-tests.mjs';
import { connectToRecords } from '../support/postgres-database.js';
import { runToEnd, startApi, type ProductProcess } from '../support/product-process.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

let directory: string;
let postgres: Awaited<ReturnType<typeof startServices>>;
let api: ProductProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'outage-'));
  postgres = await startServices(['postgres'], path.join(directory, 'postgres'), { own: true });
});
afterEach(async () => {
  await api?.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
});

const start = async (more: Record<string, string> = {}): Promise<ProductProcess> =>
  (api = await startApi({
    DATABASE_URL: postgres.urls['postgres']!,
    DATA_DIR: path.join(directory, 'data'),
    ...more,
  }));
const decide = async (): Promise<Response> =>
  await post(`${api!.url}/v1/decisions`, aTransaction({ metadata: { note: 'x'.repeat(2000) } }));
const decideMany = async (count: number): Promise<Set<string>> => {
  const ids = new Set<string>();
  for (let i = 0; i < count; i += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, decide));
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      const { decision_id, degraded } = (await answer.json()) as Decision;
      expect(degraded).toEqual([]);
      ids.add(decision_id);
    }
  }
  return ids;
};
const metric = async (name: string): Promise<number | undefined> =>
  sample(await (await fetch(`${api!.url}/metrics`)).text(), name);
const ready = async () =>
  (await (await fetch(`${api!.url}/ready`)).json()) as { status: string; degraded: string[] };
const recorded = async (): Promise<Set<string>> => {
  const client = await connectToRecords(postgres.urls['postgres']!);
  const { rows } = await client.query<{ id: string }>('select decision_id::text as id from decisions');
  await client.end();
  return new Set(rows.map(({ id }) => id));
};

describe('a records database', () => {
  it.each(['killed', 'that hangs'])(
    '%s costs no answer, and gets everything when it is back',
    async (how) => {
      await start();
      const [node] = postgres.nodes['postgres']!;
      const ids = await decideMany(100);
      await until(async () => (await metric('fraud_spool_bytes')) === 0);
      if (how === 'killed') await node!.kill();
      else node!.pause();
      const waiting = [0];
      // Longer than the time after which the spool is looked at again.
      for (const began = performance.now(); performance.now() - began < 1500;) {
        for (const id of await decideMany(20)) ids.add(id);
        waiting.push((await metric('fraud_spool_bytes'))!);
      }
      for (const [i, bytes] of waiting.slice(1).entries())
        expect(bytes - waiting[i]!).toBeGreaterThan(20 * 2000);
      if (how === 'killed') await until(async () => (await metric('fraud_records_up')) === 0);
      expect((await ready()).status).toBe('ready');
      if (how === 'killed') await node!.start();
      else node!.resume();
      await until(async () => (await metric('fraud_spool_bytes')) === 0);
      expect(await metric('fraud_records_up')).toBe(1);
      expect(await recorded()).toEqual(ids);
      expect(api!.output()).not.toMatch(/unhandled|uncaught/i);
    },
  );

  it('away at the start does not keep the server from starting and answering', async () => {
    const [node] = postgres.nodes['postgres']!;
    await node!.kill();
    await start();
    const ids = await decideMany(40);
    await node!.start();
    await until(async () => (await metric('fraud_spool_bytes')) === 0);
    expect(await recorded()).toEqual(ids);
  });

  it('away for longer than the spool lasts: answers are degraded, say so and are counted', async () => {
    const [node] = postgres.nodes['postgres']!;
    await start({ SPOOL_MAX_BYTES: '1048576' });
    await node!.kill();
    let last: Decision | undefined;
    await until(async () => {
      last = (await (await decide()).json()) as Decision;
      return last.degraded.length > 0;
    }, 1);
    expect(last).toMatchObject({
      degraded: ['records_unavailable'],
      reasons: [{ code: 'records_unavailable' }],
    });
    expect(await metric('fraud_errors_total{code="decision_unrecorded"}')).toBeGreaterThan(0);
    expect(await ready()).toMatchObject({ status: 'ready', degraded: ['records_unavailable'] });
    await node!.start();
    await until(async () => (await metric('fraud_spool_bytes')) === 0);
    expect(((await (await decide()).json()) as Decision).degraded).toEqual([]);
  });

  it('away for longer than the spool lasts: where the policy says to refuse, nothing is decided', async () => {
    const policy = path.join(directory, 'policy.yaml');
    const shipped = readFileSync('config/policy.yaml', 'utf8');
    await writeFile(policy, shipped.replace('when_full: answer', 'when_full: refuse'));
    const [node] = postgres.nodes['postgres']!;
    await start({ SPOOL_MAX_BYTES: '1048576', POLICY_FILE: policy });
    await node!.kill();
    let answer = await decide();
    await until(async () => {
      answer = await decide();
      return answer.status !== 200;
    }, 1);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ code: 'records_unavailable' });
    await node!.start();
    await until(async () => (await decide()).status === 200);
  });
});

describe('the embedded records', () => {
  it('are open in one process: a second one ends, and says what to do', async () => {
    const DATA_DIR = path.join(directory, 'data');
    await start({ DATABASE_URL: '', RECORDS: 'on' });
    const second = await runToEnd('api', { DATA_DIR, RECORDS: 'on' });
    expect(second.code).toBe(1);
    expect(second.output).toContain('records_locked');
    expect(second.output).toContain('DATABASE_URL');
    await api!.stop('SIGKILL');
    await start({ DATABASE_URL: '', RECORDS: 'on' });
    await decideMany(20);
  });
});
