import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { expect, it } from 'vitest';
import { createApp } from '../../apps/api/src/create-app.js';
import { aTransaction } from '../support/transactions.js';

const ROUNDS = 150;
const DECIDED = 20;
const MOST_MS = 5;

/** CPU of this thread, ms: what others take of the machine does not count. It comes in steps of 4 ms, so only sums say something. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

it(`a scrape takes at most ${MOST_MS} ms of the event loop while transactions are decided`, async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'scrapes-'));
  const env = { RECORDS: 'off', DATA_DIR: directory, LOG_LEVEL: 'error', LATENCY_BUDGET_MS: '2000' };
  const config = loadConfig(env);
  const engine = await Engine.open(config, { door: 'http' });
  const app = await createApp(engine, config);
  const decide = async (round: number): Promise<void> => {
    for (let n = 0; n < DECIDED; n++)
      await engine.score([aTransaction({ card_id: `card-${(round * DECIDED + n) % 500}` })]);
  };
  const scrape = async (): Promise<void> => {
    const { payload } = await app.inject('/metrics');
    if (!payload.includes('fraud_drift_rows_total')) throw new Error(payload);
  };
  const cost = async (what: (round: number) => Promise<void>): Promise<number> => {
    const before = cpuMs();
    for (let round = 0; round < ROUNDS; round++) await what(round);
    return cpuMs() - before;
  };
  const both = async (round: number): Promise<void> => {
    await decide(round);
    await scrape();
  };
  // What is compiled at first is compiled once.
  await cost(both);
  const alone = await cost(decide);
  const scraped = await cost(both);
  await app.close();
  await rm(directory, { recursive: true });
  const each = (scraped - alone) / ROUNDS;
  process.stdout.write(
    `a scrape between decisions: ${each.toFixed(2)} ms of CPU; ${DECIDED} decisions: ${(alone / ROUNDS).toFixed(2)} ms\n`,
  );
  expect(each).toBeGreaterThan(0);
  expect(each).toBeLessThanOrEqual(MOST_MS);
});
