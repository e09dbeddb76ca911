import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Transaction } from '@fraud/contract';
import { FEATURE_NAMES, MemoryFeatureStore, RedisFeatureStore, type FeatureStore } from '@fraud/features';
import { loadConfig, openRedis, RedisPool } from '@fraud/platform';
import { openFeatureReplay, type FeatureReplay } from '@fraud/scoring';
import { emptyDatabase } from '../support/redis-database.js';

const START = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;
const ROWS = 900;
const MOST_ROWS_A_BATCH = 128;

let stores: readonly FeatureStore[];
let alone: FeatureReplay;
let batched: FeatureReplay;
let inRedis: FeatureReplay;

beforeAll(async () => {
  const connection = openRedis(await emptyDatabase(inject('redisUrl'), 14));
  await connection.connect();
  const memory = (): FeatureStore => new MemoryFeatureStore({ decisionTtlMs: 3_600_000 });
  stores = [memory(), memory(), new RedisFeatureStore(new RedisPool([{ client: connection }], 32), 3600)];
  [alone, batched, inRedis] = stores.map((store) => openFeatureReplay(loadConfig({}), store)) as [
    FeatureReplay,
    FeatureReplay,
    FeatureReplay,
  ];
});
afterAll(() => Promise.all(stores.map((store) => store.close())));

/** What a replay makes of rows: their vectors, one after another, and their saturated logs. */
async function replayed(
  replay: FeatureReplay,
  batches: readonly (readonly Transaction[])[],
): Promise<{ values: Buffer; saturated: number[] }> {
  const values: Buffer[] = [];
  const saturated: number[] = [];
  for (const batch of batches) {
    const vectors = await replay.newVectors(batch);
    values.push(Buffer.from(vectors.values.buffer));
    saturated.push(...vectors.saturated);
  }
  return { values: Buffer.concat(values), saturated };
}

it('a burst gets the same vectors and the same marks of saturation, to the byte, in both stores and batches of any size', async () => {
  let round = 0;
  const minutes = fc.array(fc.integer({ min: -3, max: 8 }), { minLength: 16, maxLength: 16 });
  const sizes = fc.array(fc.integer({ min: 1, max: MOST_ROWS_A_BATCH }), { minLength: 4, maxLength: 12 });
  const few = fc.constantFrom(1, 2, 9);
  const seen = { marked: 0, unmarked: 0 };
  await fc.assert(
    fc.asyncProperty(minutes, sizes, few, few, few, async (steps, batchSizes, cards, devices, ips) => {
      round += 1;
      let at = START;
      const rows = Array.from({ length: ROWS }, (_, i): Transaction => {
        at += steps[i % steps.length]! * MINUTE;
        return {
          transaction_id: `${round}-${i}`,
          occurred_at: new Date(at).toISOString(),
          amount: 1 + (i % 97),
          currency: 'EUR',
          card_id: `card-${round}-${i % cards}`,
          merchant_id: `merchant-${round}`,
          device_id: `device-${round}-${i % devices}`,
          ip: `2001:db8::${round}:${i % ips}`,
        };
      });
      const batches: Transaction[][] = [];
      for (let from = 0; from < ROWS;) {
        const size = batchSizes[batches.length % batchSizes.length]!;
        batches.push(rows.slice(from, from + size));
        from += size;
      }
      const expected = await replayed(
        alone,
        rows.map((row) => [row]),
      );
      for (const other of [await replayed(batched, batches), await replayed(inRedis, batches)]) {
        expect(other.saturated).toEqual(expected.saturated);
        expect(other.values.equals(expected.values)).toBe(true);
      }
      expect(expected.values).toHaveLength(ROWS * FEATURE_NAMES.length * 4);
      for (const bits of expected.saturated) seen[bits === 0 ? 'unmarked' : 'marked'] += 1;
    }),
    { numRuns: 12 },
  );
  expect(Math.min(seen.marked, seen.unmarked)).toBeGreaterThan(100);
}, 60_000);
