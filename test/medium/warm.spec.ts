import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { RedisFeatureStore } from '@fraud/features';
import { loadConfig, openRedis, RedisPool } from '@fraud/platform';
import { Engine, openFeatureReplay, Warmer, type FeatureReplay, type Warmed } from '@fraud/scoring';
import type { LabelledTransaction } from '@fraud/traffic';
import { labelledBatches } from '../../apps/cli/src/replay/labelled-batches.js';
import { busyTraffic } from '../support/busy-traffic.js';
import { proxyTo } from '../support/fault-proxy.js';
import { historiesOf, withRedis, type Histories } from '../support/histories.js';
import { emptyDatabase } from '../support/redis-database.js';

const DATABASE = 13;
const LABEL_DELAY_MS = 7 * 86_400_000;
const LONGEST_TTL_S = 45 * 86_400;
const PATIENT = { storeTimeoutMs: 5000, budgetMs: Infinity };
const traffic = busyTraffic(6000, 7);
const SLOW_TEST_MS = 60_000;

describe('a warm', () => {
  let redisUrl: string;
  beforeEach(async () => {
    redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
  });

  async function warm(
    rows: readonly LabelledTransaction[],
    { size = 128, labels = true, url = redisUrl } = {},
  ): Promise<Warmed[]> {
    const warmer = await Warmer.open(loadConfig({ REDIS_URL: url }));
    const outcomes: Warmed[] = [];
    try {
      for await (const batch of labelledBatches(rows, size, labels ? LABEL_DELAY_MS : null)) {
        for (const { transaction } of batch.known) await warmer.know(transaction);
        outcomes.push(...(await warmer.take(batch.rows.map((row) => row.transaction))));
      }
    } finally {
      await warmer.close();
    }
    return outcomes;
  }

  async function decide(rows: readonly LabelledTransaction[], labels = true): Promise<void> {
    const engine = await Engine.open(loadConfig({ REDIS_URL: redisUrl }), PATIENT);
    try {
      for await (const batch of labelledBatches(rows, 64, labels ? LABEL_DELAY_MS : null)) {
        for (const { transaction } of batch.known) {
          const parsed = engine.parse(transaction);
          if (parsed.ok) await engine.applyLabel(parsed, true);
        }
        await engine.score(batch.rows.map((row) => row.transaction));
      }
    } finally {
      await engine.close();
    }
  }

  /** Decisions of long ago are stored no more. */
  const forgetDecisions = (): Promise<void> =>
    withRedis(redisUrl, async (redis) => {
      const keys = await redis.keys('fd*:t:*');
      if (keys.length > 0) await redis.del(...keys);
    });

  async function onceWarmed(rows = traffic): Promise<Histories> {
    await warm(rows);
    const histories = await historiesOf(redisUrl);
    await emptyDatabase(redisUrl, DATABASE);
    return histories;
  }

  it('leaves the histories that live scoring of the same rows and labels leaves, to the byte, and no decision', async () => {
    await decide(traffic);
    const live = await historiesOf(redisUrl);
    expect(live.decisions).toBe(traffic.length);
    await emptyDatabase(redisUrl, DATABASE);

    expect(new Set(await warm(traffic))).toEqual(new Set(['new']));
    const warmed = await historiesOf(redisUrl);
    expect(warmed.bytes).toEqual(live.bytes);
    expect(warmed.decisions).toBe(0);
    // What was to be seen, was: labels, a log that was cut.
    expect(Object.keys(warmed.bytes).filter((key) => key.includes(':l:')).length).toBeGreaterThan(20);
    expect(warmed.bytes['fd3:c:busy']!.length).toBeLessThan((traffic.length / 6) * 64);
  });

  it('is behind a batch of any size the same', async () => {
    const expected = await onceWarmed(traffic.slice(0, 2000));
    await warm(traffic.slice(0, 2000), { size: 7 });
    expect((await historiesOf(redisUrl)).bytes).toEqual(expected.bytes);
  });

  it('keeps nothing longer than histories are kept', async () => {
    const { ttls } = await onceWarmed();
    expect(Math.min(...ttls)).toBeGreaterThan(0);
    expect(Math.max(...ttls)).toBeLessThanOrEqual(LONGEST_TTL_S);
  });

  it('gives the rows behind it the vectors that a replay of everything gives them, to the byte', async () => {
    const warmRows = traffic.slice(0, 4000);
    const rest = traffic.slice(4000);
    // One at a time: where a log is cut within a turn, its earlier rows see it cut in Redis.
    const vectorsOf = async (replay: FeatureReplay, rows: readonly LabelledTransaction[]) => {
      const vectors: Float32Array[] = [];
      for (const { transaction } of rows) vectors.push(...(await replay.vectors([transaction])));
      return vectors;
    };
    const replay = openFeatureReplay(loadConfig({}));
    await vectorsOf(replay, warmRows);
    await warm(warmRows, { labels: false });
    const connection = openRedis(redisUrl);
    await connection.connect();
    const store = new RedisFeatureStore(new RedisPool([{ client: connection }], 32), 3600);
    const live = openFeatureReplay(loadConfig({}), store);
    expect(await vectorsOf(live, rest)).toEqual(await vectorsOf(replay, rest));
    await store.close();
  });

  it('that is repeated changes no byte, although a full log has forgotten its first events', async () => {
    await warm(traffic);
    const once = await historiesOf(redisUrl);
    const outcomes = await warm(traffic);
    expect((await historiesOf(redisUrl)).bytes).toEqual(once.bytes);
    expect(new Set(outcomes)).toEqual(new Set(['known', 'left_out']));
  });

  it('that is interrupted and repeated, however often, leaves what one warm leaves', async () => {
    const expected = await onceWarmed();
    for (const upTo of [100, 2500, 1300, 4001, 6000]) await warm(traffic.slice(0, upTo));
    expect((await historiesOf(redisUrl)).bytes).toEqual(expected.bytes);
  });

  it(
    'whose replies are lost leaves what one warm leaves',
    async () => {
      const rows = traffic.slice(0, 1500);
      const expected = await onceWarmed(rows);
      const proxy = await proxyTo(redisUrl);
      const warming = warm(rows, { url: proxy.url, size: 32 });
      const run = { over: false };
      const done = warming.finally(() => (run.over = true));
      let cuts = 0;
      while (!run.over) {
        await sleep(15);
        proxy.holdReplies();
        await sleep(5);
        proxy.cut();
        proxy.heal();
        cuts++;
        await sleep(60);
      }
      await done;
      await proxy.close();
      expect((await historiesOf(redisUrl)).bytes).toEqual(expected.bytes);
      expect(cuts).toBeGreaterThan(3);
    },
    SLOW_TEST_MS,
  );

  it('over traffic that was decided live changes no byte, also when its decisions are stored no more', async () => {
    await decide(traffic);
    const live = await historiesOf(redisUrl);
    expect(new Set(await warm(traffic.slice(-200)))).toEqual(new Set(['known']));
    await forgetDecisions();
    const outcomes = await warm(traffic);
    expect((await historiesOf(redisUrl)).bytes).toEqual(live.bytes);
    expect(outcomes).not.toContain('new');
  });

  it('beside live decisions of the same rows counts each of them once', async () => {
    // Few enough for every log, so that nothing is left out.
    const rows = traffic.slice(0, 1200);
    const expected = await onceWarmed(rows);
    const odd = rows.filter((_, i) => i % 2 === 1);
    // Twice at once, each from its own end of the file.
    await Promise.all([
      decide(odd, false),
      warm(rows, { size: 16 }),
      warm(rows.toReversed(), { labels: false }),
    ]);
    await warm(rows);
    const { bytes } = await historiesOf(redisUrl);
    const rings = (all: Histories['bytes']): unknown =>
      Object.entries(all).filter(([key]) => /:[mp]:/.test(key));
    expect(rings(bytes)).toEqual(rings(expected.bytes));
    expect(eventsOf(bytes, 'c', 64)).toEqual(eventsOf(expected.bytes, 'c', 64));
  });

  it('with what happened before the live traffic pushes no live visit out of the logs of devices and addresses', async () => {
    const [old, live] = [traffic.slice(0, 5000), traffic.slice(5000)];
    await decide(live, false);
    const before = (await historiesOf(redisUrl)).bytes;
    await warm(old);
    const after = (await historiesOf(redisUrl)).bytes;
    const device = 'fd3:d:busy-device';
    expect(before[device]!.length).toBeGreaterThan(0);
    expect(after[device]).toContain(before[device]!.slice(-32));
    // A day of the busy card's visits at most came behind them.
    expect(after[device]!.length - before[device]!.length).toBeLessThan(32 * 20);
    // And the card's log has room for what came before.
    expect(after['fd3:c:busy']!.length).toBeGreaterThan(before['fd3:c:busy']!.length);
  });
});

/** The identities of the events of each log of a kind, in no order. */
function eventsOf(bytes: Histories['bytes'], kind: string, hexLength: number): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(bytes)
      .filter(([key]) => key.includes(`:${kind}:`))
      .map(([key, log]) => [
        key,
        Array.from({ length: log.length / hexLength }, (_, i) =>
          log.slice(i * hexLength, i * hexLength + 12),
        ).toSorted(),
      ]),
  );
}
