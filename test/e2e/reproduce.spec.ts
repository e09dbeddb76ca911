import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Transaction } from '@fraud/contract';
import type { DecisionRecord } from '@fraud/records';
import { simulate } from '@fraud/traffic';
import { expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { proxyTo } from '../support/fault-proxy.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

/** The long form is an hour at 20 a second: FRAUD_REPRODUCE_ROWS=72000. */
const ROWS = Number(process.env['FRAUD_REPRODUCE_ROWS'] ?? 1500);
const SAMPLES = 100;

/** Sizes as they come: alone, and together. */
const sizeOf = (turn: number): number => [1, 7, 1, 40, 3, 100][turn % 6]!;

/** @returns the status of the answer */
async function labelAsFraud(url: string, { transaction_id }: Transaction): Promise<number> {
  const labelled_at = new Date().toISOString();
  const label = { transaction_id, label: 'fraud', source: 'review', labelled_at };
  return (await post(`${url}/v1/labels`, label)).status;
}

/** What the API knows of its store is a second old at most. */
const untilStoreIs = (url: string, up: 0 | 1): Promise<void> =>
  until(async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return new RegExp(`^fraud_redis_up(?:\\{.*\\})? ${up}$`, 'm').test(metrics);
  });

interface PeriodReproduced {
  readonly decisions: number;
  readonly degraded: number;
  readonly from_vector: { readonly tried: number; readonly identical: number };
  readonly from_events: { readonly tried: number; readonly identical: number };
  readonly differing: readonly unknown[];
}

it('decisions over a stretch of traffic with outages and labels come out the same again: all from their vectors, 99 % from what came before', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'reproduce-'));
  const proxy = await proxyTo(await emptyDatabase(inject('redisUrl'), 24));
  const env = {
    DATA_DIR: directory,
    REDIS_URL: proxy.url,
    DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'reproduce_e2e'),
  };
  const api = await startApi(env);
  const transactions: Transaction[] = [];
  for (const { transaction } of simulate({ seed: 31, cards: ROWS / 10, days: 60, fraud: 0.03 })) {
    if (transactions.push(transaction) === ROWS) break;
  }
  const labelled: number[] = [];
  const degraded = new Map<string, number>();
  for (let from = 0, turn = 0; from < ROWS; turn++) {
    const some = transactions.slice(from, from + sizeOf(turn));
    from += some.length;
    // One turn in twenty finds its store away.
    if (turn % 20 === 13) proxy.cut();
    const answer = await post(`${api.url}/v1/decisions/batch`, { transactions: some });
    expect(answer.status).toBe(200);
    for (const decision of ((await answer.json()) as { decisions: Decision[] }).decisions)
      for (const what of decision.degraded) degraded.set(what, (degraded.get(what) ?? 0) + 1);
    if (turn % 20 === 13) {
      await untilStoreIs(api.url, 0);
      proxy.heal();
      await untilStoreIs(api.url, 1);
    }
    if (turn % 30 === 4) labelled.push(await labelAsFraud(api.url, some[0]!));
  }
  expect(new Set(labelled)).toEqual(new Set([202]));
  expect([...degraded.keys()]).toContain('features_unavailable');
  await api.stop();
  const every = Math.max(1, Math.floor(ROWS / SAMPLES));
  const run = await runCli(
    ['reproduce', '--from', '2020-01-01', '--events-every', String(every), '--json'],
    env,
  );
  const found = JSON.parse(
    run.output.slice(run.output.indexOf('{'), run.output.lastIndexOf('}') + 1),
  ) as PeriodReproduced;
  process.stderr.write(`reproduced: ${JSON.stringify(found)}\n`);
  expect(found.decisions).toBe(ROWS);
  expect(found.degraded).toBeGreaterThan(ROWS / 100);
  expect(found.from_vector).toEqual({ tried: ROWS, identical: ROWS });
  expect(found.from_events.tried).toBeGreaterThanOrEqual(SAMPLES);
  expect(found.from_events.identical / found.from_events.tried).toBeGreaterThanOrEqual(0.99);
  expect(run.code).toBe(0);
  await proxy.close();
  await rm(directory, { recursive: true });
}, 900_000);

it('a decision that was made without the store, which took it after all, says so, and those behind it come out the same from what came before', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'reproduce-late-'));
  const proxy = await proxyTo(await emptyDatabase(inject('redisUrl'), 25));
  const env = {
    DATA_DIR: directory,
    REDIS_URL: proxy.url,
    DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'reproduce_late'),
  };
  const api = await startApi(env);
  const decide = async (): Promise<Decision> => {
    const answer = await post(`${api.url}/v1/decisions`, aTransaction({ card_id: 'a-card' }));
    return (await answer.json()) as Decision;
  };
  const shown = async ({ decision_id }: Decision): Promise<DecisionRecord> =>
    (await (await fetch(`${api.url}/v1/decisions/${decision_id}`)).json()) as DecisionRecord;
  const untilWhole = async (): Promise<void> => {
    await until(async () => (await decide()).degraded.length === 0);
  };
  await untilWhole();
  proxy.holdReplies();
  const late = await decide();
  expect(late.degraded).toEqual(['features_unavailable']);
  proxy.heal();
  await until(async () => (await shown(late)).appended_at !== undefined);
  await untilWhole();
  proxy.cut();
  const without = await decide();
  expect(without.degraded).toEqual(['features_unavailable']);
  proxy.heal();
  await untilWhole();
  // It comes to the histories behind the answers.
  await until(async () => (await shown(without)).appended_at !== undefined);
  const last = await decide();
  expect(await shown(last)).toMatchObject({ decision: { degraded: [] } });
  const run = await runCli(['reproduce', last.decision_id, '--json'], env);
  const found = JSON.parse(run.output) as { history: number; fromEvents: object };
  expect(found.fromEvents).toEqual({ source: 'events', identical: true, differs: [] });
  await api.stop();
  await proxy.close();
  await rm(directory, { recursive: true });
});
