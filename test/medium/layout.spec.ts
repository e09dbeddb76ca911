import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import type { Decision, Transaction } from '@fraud/contract';
import { loadConfig } from '@fraud/platform';
import { Engine, type Result } from '@fraud/scoring';
import { busyTraffic } from '../support/busy-traffic.js';
import { historiesOf, withRedis } from '../support/histories.js';
import { emptyDatabase } from '../support/redis-database.js';

const DATABASE = 1;
const PATIENT = { storeTimeoutMs: 5000, budgetMs: Infinity };
/** Of the version that comes next. */
const NEXT = 4;

const rows = busyTraffic(1800, 9).map((row) => row.transaction);
const [recorded, gap, behind] = [rows.slice(0, 1200), rows.slice(1200, 1500), rows.slice(1500)];

let redisUrl: string;
beforeEach(async () => {
  redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
});
afterEach(() => {
  vi.doUnmock('../../libs/features/src/store/store.js');
  vi.resetModules();
});

/** The same program, but for the version of its layout. */
async function nextVersion(): Promise<typeof import('@fraud/scoring')> {
  vi.resetModules();
  vi.doMock('../../libs/features/src/store/store.js', async (original) => ({
    ...(await original<object>()),
    LAYOUT_VERSION: NEXT,
  }));
  return await import('@fraud/scoring');
}

const open = (version: { Engine: typeof Engine }): Promise<Engine> =>
  version.Engine.open(loadConfig({ REDIS_URL: redisUrl }), PATIENT);

/** What an engine decides, one by one, but for what differs from run to run. */
async function decide(engine: Engine, transactions: readonly Transaction[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const t of transactions) answers.push(essence(await engine.scoreOne(t)));
  return answers;
}

function essence(result: Result): unknown {
  if (result.kind !== 'decided') throw new Error(`refused: ${result.problem.code}`);
  const { decided_at: _, timings_us: __, ...rest }: Decision = result.decision;
  return rest;
}

async function layout(version: number): Promise<Record<string, string>> {
  const { bytes } = await historiesOf(redisUrl);
  const prefix = `fd${version}:`;
  return Object.fromEntries(
    Object.entries(bytes).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );
}

it('a new layout is filled while the version before decides, and the new version goes on with the same decisions', async () => {
  const before = await open({ Engine });
  await decide(before, recorded);

  // Recorded traffic into the new layout, while the old one is served.
  const version = await nextVersion();
  const config = loadConfig({ REDIS_URL: redisUrl });
  const warmer = await version.Warmer.open(config);
  expect(warmer.layout).toBe(NEXT);
  const served = await layout(3);
  await warmer.take(recorded);
  expect(await layout(3)).toEqual(served);
  await decide(before, gap);

  // The switch; what the old version decided meanwhile is taken with the same command.
  const after = await open(version);
  const outcomes = await warmer.take([...recorded.slice(-100), ...gap]);
  await warmer.close();
  expect(outcomes.filter((outcome) => outcome === 'new')).toHaveLength(gap.length);
  expect(await layout(NEXT)).toEqual(await layout(3));
  expect(await decide(after, behind)).toEqual(await decide(before, behind));
  expect(await layout(NEXT)).toEqual(await layout(3));
  await Promise.all([before.close(), after.close()]);

  // What is left of the old layout goes by itself.
  const ttls = await withRedis(redisUrl, async (redis) =>
    Promise.all((await redis.keys('fd3:*')).map((key) => redis.ttl(key))),
  );
  expect(Math.min(...ttls)).toBeGreaterThan(0);
});

it('histories of a newer layout are neither read nor changed by a version that does not know it', async () => {
  const version = await nextVersion();
  const newer = await open(version);
  await decide(newer, recorded);
  await newer.close();
  const kept = await layout(NEXT);

  const older = await open({ Engine });
  const onNothing = await decide(older, behind.slice(0, 20));
  await older.close();
  expect(await layout(NEXT)).toEqual(kept);

  // As on an empty Redis: it does not guess.
  redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
  const alone = await open({ Engine });
  expect(await decide(alone, behind.slice(0, 20))).toEqual(onNothing);
  await alone.close();
});
