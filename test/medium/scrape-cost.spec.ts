import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, loadConsumerConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { register } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { createApp as createApi } from '../../apps/api/src/create-app.js';
import { createApp as createConsumer } from '../../apps/consumer/src/create-app.js';
import { KafkaBench } from '../support/kafka.js';
import { writeModelVariant } from '../support/model-variant.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction } from '../support/transactions.js';

const ROUNDS = 150;
const DECIDED = 20;
const MOST_MS = 5;
const DATABASE = 31;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'scrapes-'));
  for (const [version, shift] of [
    ['v1', 0],
    ['v2', 0.01],
    ['v3', 0.02],
  ] as const)
    await writeModelVariant(path.join(directory, 'models', version), version, shift);
});
beforeEach(() => {
  register.clear();
});
afterAll(() => rm(directory, { recursive: true }));

const environment = async (): Promise<Record<string, string>> => ({
  REDIS_URL: await emptyDatabase(inject('redisUrl'), DATABASE),
  RECORDS: 'off',
  DATA_DIR: await mkdtemp(path.join(directory, 'data-')),
  LOG_LEVEL: 'error',
  LATENCY_BUDGET_MS: '2000',
  REDIS_TIMEOUT_MS: '1000',
});

/** Three models at once: each that decides has a reference of its own for drift. */
const ROLLOUT = { MODEL_VERSION: 'v1', MODEL_ROLLOUT: 'v2:50', MODEL_SHADOW_VERSION: 'v3' };

async function api(more: Record<string, string> = {}): Promise<[Engine, NestFastifyApplication]> {
  const config = loadConfig({ ...(await environment()), ...more });
  const engine = await Engine.open(config, { door: 'http' });
  return [engine, await createApi(engine, config)];
}

async function consumer(): Promise<[Engine, NestFastifyApplication]> {
  const bench = await KafkaBench.open(inject('kafkaBrokers'), 2);
  const config = loadConsumerConfig({ ...(await environment()), ...bench.env });
  const engine = await Engine.open(config, { door: 'kafka' });
  const app = await createConsumer(engine, config);
  await app.init();
  await bench.close();
  return [engine, app];
}

/** CPU of this thread, ms: what others take of the machine does not count. It comes in steps of 4 ms, so only sums say something. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** What a scrape takes of the event loop's thread between decisions, ms. */
async function costOfScrape(
  what: string,
  engine: Engine,
  app: NestFastifyApplication,
  holds: RegExp,
): Promise<number> {
  const decide = async (round: number): Promise<void> => {
    const cards = Array.from({ length: DECIDED }, (_, n) => `card-${(round * DECIDED + n) % 500}`);
    await engine.score(cards.map((card_id) => aTransaction({ card_id })));
  };
  const scrape = async (): Promise<void> => {
    const { payload } = await app.inject('/metrics');
    if (!holds.test(payload)) throw new Error(`the metrics have no ${holds}`);
  };
  const cost = async (one: (round: number) => Promise<void>): Promise<number> => {
    const before = cpuMs();
    for (let round = 0; round < ROUNDS; round++) await one(round);
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
  const each = (scraped - alone) / ROUNDS;
  process.stdout.write(
    `a scrape of the ${what}: ${each.toFixed(2)} ms of CPU; ${DECIDED} decisions: ${(alone / ROUNDS).toFixed(2)} ms\n`,
  );
  return each;
}

it.each([
  ['API', api, /^fraud_drift_rows_total\{/m],
  [
    'API with a rollout and a shadow',
    () => api({ MODEL_URI: path.join(directory, 'models'), ...ROLLOUT }),
    /^fraud_drift_rows_total\{model="v2"/m,
  ],
  ['consumer', consumer, /^fraud_kafka_messages_total/m],
] as const)(
  'a scrape of the %s takes at most 5 ms of the event loop between decisions',
  async (what, open, holds) => {
    const [engine, app] = await open();
    const each = await costOfScrape(what, engine, app, holds);
    await app.close();
    expect(each).toBeGreaterThan(0);
    expect(each).toBeLessThanOrEqual(MOST_MS);
  },
);
