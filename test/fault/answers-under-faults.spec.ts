import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startServices } from '../../scripts/lib/services/for-tests.mjs';
import { table } from '../bench/report/markdown-table.js';
import { proxyTo, type FaultProxy } from '../support/fault-proxy.js';
import { expectCleanEnd, isDegraded, Load, metricsOf, RECOVERY_MS, type Answer } from '../support/load.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { startOwnRedis, type RedisNodes } from '../support/redis-nodes.js';
import { sample } from '../support/transactions.js';
import { until } from '../support/until.js';

/** The default. */
const BUDGET_MS = 15;
/** The long form: FRAUD_FAULT_SECONDS=30. */
const LASTS_MS = Number(process.env['FRAUD_FAULT_SECONDS'] ?? 4) * 1000;
/** A file for the table: FRAUD_FAULT_TABLE=docs/reliability-faults.md. */
const TABLE = process.env['FRAUD_FAULT_TABLE'];

/** Taken of a fault, from its beginning to its end. */
interface Row {
  readonly fault: string;
  readonly answers: readonly Answer[];
  /** From its end to the first whole answer, ms; null: nothing was degraded. */
  readonly recoveryMs: number | null;
}

const rows: Row[] = [];
let redis: RedisNodes;
let proxy: FaultProxy;
let database: FaultProxy;
let postgres: Awaited<ReturnType<typeof startServices>>;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'faults-'));
  redis = await startOwnRedis();
  proxy = await proxyTo(redis.address);
  postgres = await startServices(['postgres'], path.join(directory, 'postgres'), { own: true });
  database = await proxyTo(postgres.urls['postgres']!);
});
afterAll(async () => {
  const report = tableOf(rows);
  process.stderr.write(`\n${report}\n`);
  if (TABLE !== undefined) await writeFile(TABLE, report);
  await proxy.close();
  await database.close();
  await redis.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
});

let api: ProductProcess | undefined;
afterEach(async () => {
  await api?.stop();
  proxy.heal();
});

/** By the default settings. */
const start = async (env: Record<string, string>): Promise<ProductProcess> =>
  (api = await startApi({ REDIS_URL: proxy.url, LATENCY_BUDGET_MS: '', ...env }));

/** Every answer is there, and says what it did without. */
function expectTruth(answers: readonly Answer[]): void {
  expect(answers.length).toBeGreaterThan(LASTS_MS / 100);
  for (const { status, decision } of answers) {
    expect(status).toBe(200);
    expect(decision.score === undefined).toBe(decision.source === 'fallback');
    expect([decision.source, decision.decision]).not.toEqual(['fallback', 'approve']);
    expect(decision.reasons.slice(0, decision.degraded.length).map(({ code }) => code)).toEqual(
      decision.degraded,
    );
  }
}

interface Fault {
  readonly begin: () => unknown;
  readonly end: () => unknown;
  readonly env?: () => Record<string, string> | Promise<Record<string, string>>;
  /** What answers then go without; undefined: nothing. */
  readonly says?: string;
}

const pause = (): unknown => redis.nodes[0]!.pause();
const resume = (): unknown => redis.nodes[0]!.resume();

const FAULTS: Record<string, Fault> = {
  'nothing (for comparison)': { begin: () => undefined, end: () => undefined },
  'Redis hangs (SIGSTOP)': { begin: pause, end: resume, says: 'features_unavailable' },
  'Redis is killed, and comes back empty': {
    begin: () => redis.nodes[0]!.kill(),
    end: () => redis.nodes[0]!.start(),
    says: 'features_unavailable',
  },
  'Redis is cut off, its connections reset': {
    begin: () => proxy.cut(),
    end: () => proxy.heal(),
    says: 'features_unavailable',
  },
  'Redis takes 50 ms longer': {
    begin: () => proxy.delay(25),
    end: () => proxy.heal(),
    says: 'features_unavailable',
  },
  'the replies of Redis are lost': {
    begin: () => proxy.holdReplies(),
    end: () => proxy.heal(),
    says: 'features_unavailable',
  },
  'the records database hangs': {
    begin: () => database.hang(),
    end: () => database.heal(),
    env: () => ({ DATABASE_URL: database.url }),
  },
};

describe('answers, by the default settings, while', () => {
  it.each(Object.entries(FAULTS))(
    '%s: all there, and truthful; whole again within five seconds of its end',
    async (fault, { begin, end, env, says }) => {
      const server = await start({ DATA_DIR: path.join(directory, 'data'), ...(await env?.()) });
      const load = new Load(server);
      await load.whole();
      const from = performance.now();
      await begin();
      if (says !== undefined) await load.degraded();
      await sleep(LASTS_MS - (performance.now() - from));
      const to = performance.now();
      await end();
      const whole = await load.whole();
      await load.stop();
      const answers = load.answers.filter(({ sentAt }) => sentAt >= from && sentAt < to);
      rows.push({ fault, answers, recoveryMs: says === undefined ? null : Math.max(0, whole - to) });
      expectTruth(answers);
      expect(whole - to).toBeLessThan(RECOVERY_MS);
      const said = new Set(answers.flatMap(({ decision }) => decision.degraded));
      expect(says === undefined || said.has(says as never)).toBe(true);
      await expectCleanEnd(server);
    },
  );

  it('Redis hangs: after the first failures nobody waits for it', async () => {
    const server = await start({ DATA_DIR: path.join(directory, 'data') });
    const load = new Load(server);
    await load.whole();
    pause();
    const metric = async (): Promise<number | undefined> =>
      sample(await metricsOf(server), 'fraud_breaker_open{dependency="feature_store"}');
    await until(async () => (await metric()) === 1);
    const from = performance.now();
    await sleep(LASTS_MS);
    resume();
    const waits = load.answers
      .filter(({ sentAt }) => sentAt >= from && sentAt < from + LASTS_MS - 200)
      .map(({ decision }) => decision.timings_us.state / 1000);
    await until(async () => (await metric()) === 0);
    await load.whole();
    await load.stop();
    // Before, each waited for REDIS_TIMEOUT_MS, 8 ms.
    expect(quantile(waits, 0.5)).toBeLessThan(1);
    expect(server.output()).toContain('the feature store failed too often in a row');
    await expectCleanEnd(server);
  });

  it('the disk of the spool is full: degraded, and counted', async () => {
    const server = await start({
      DATA_DIR: path.join(directory, 'small'),
      SPOOL_MAX_BYTES: String(2 ** 20),
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'answers_under_faults').then((url) =>
        url.replace(/:\d+\//, ':1/'),
      ),
    });
    const load = new Load(server);
    const from = performance.now();
    await until(() => load.answers.some(({ decision }) => decision.degraded.includes('records_unavailable')));
    const full = performance.now();
    await sleep(LASTS_MS);
    await load.stop();
    const answers = load.answers.filter(({ sentAt }) => sentAt >= full);
    rows.push({ fault: 'the records database is away, and the spool is full', answers, recoveryMs: null });
    expect(full).toBeGreaterThan(from);
    expectTruth(answers);
    expect(answers.every(({ decision }) => decision.degraded.includes('records_unavailable'))).toBe(true);
    await expectCleanEnd(server);
  });
});

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

function tableOf(all: readonly Row[]): string {
  const cells = all.map(({ fault, answers, recoveryMs }) => {
    // What the caller waited is the test's own, too; the server says what it took.
    const took = answers.map(({ decision }) => decision.timings_us.total / 1000);
    const inBudget = took.filter((ms) => ms <= BUDGET_MS).length;
    const share = (n: number): string => `${((100 * n) / answers.length).toFixed(1)} %`;
    return [
      fault,
      String(answers.length),
      share(inBudget),
      share(answers.filter(isDegraded).length),
      share(answers.filter(({ decision }) => decision.source === 'fallback').length),
      `${quantile(took, 0.5).toFixed(2)} ms`,
      `${quantile(took, 0.99).toFixed(2)} ms`,
      recoveryMs === null ? '–' : `${(recoveryMs / 1000).toFixed(2)} s`,
    ];
  });
  const head = [
    'fault',
    'requests',
    `within ${BUDGET_MS} ms`,
    'degraded',
    'fail action',
    'p50',
    'p99',
    'whole again after',
  ];
  return `${table(head, cells)}\n`;
}
