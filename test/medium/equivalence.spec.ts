import { expect, inject, it } from 'vitest';
import { MemoryFeatureStore, RedisFeatureStore } from '@fraud/features';
import { loadConfig, openRedis, RedisPool } from '@fraud/platform';
import { openFeatureReplay } from '@fraud/scoring';
import { mixedTraffic } from '../support/mixed-traffic.js';
import { emptyDatabase } from '../support/redis-database.js';

/** `npm run test:equivalence` sets a million. */
const ROWS = Number(process.env['FRAUD_EQUIVALENCE_ROWS'] ?? 20_000);
const DECISION_TTL_S = 86_400;
/** Nothing falls out of the embedded store. */
const ROOM = { maxCards: 2 * ROWS, maxMerchants: 2 * ROWS, maxDecisions: 2 * ROWS };

it(
  `Redis and the embedded store give the same vectors, to the byte, over ${ROWS.toLocaleString('en-US')} transactions`,
  async () => {
    const connection = openRedis(await emptyDatabase(inject('redisUrl'), 12));
    await connection.connect();
    const stores = [
      new MemoryFeatureStore({ decisionTtlMs: DECISION_TTL_S * 1000, ...ROOM }),
      new RedisFeatureStore(new RedisPool([{ client: connection }], 32), DECISION_TTL_S),
    ] as const;
    const [memory, redis] = stores.map((store) => openFeatureReplay(loadConfig({}), store));
    const seen = { rows: 0, new: 0, labels: 0 };
    let different: object | null = null;
    try {
      for (const happening of mixedTraffic(ROWS, 20_260_105)) {
        if (happening.kind === 'label') {
          await memory!.know(happening.transaction, happening.fraud);
          await redis!.know(happening.transaction, happening.fraud);
          seen.labels += 1;
          continue;
        }
        const { batch } = happening;
        const [ours, theirs] = await Promise.all([memory!.newVectors(batch), redis!.newVectors(batch)]);
        seen.rows += batch.length;
        seen.new += ours.rows.length;
        const same =
          Buffer.from(ours.values.buffer).equals(Buffer.from(theirs.values.buffer)) &&
          ours.rows.join() === theirs.rows.join() &&
          ours.repeated.join() === theirs.repeated.join();
        if (same) continue;
        different = { at: seen.rows, memory: ours, redis: theirs };
        break;
      }
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
    expect(different).toBeNull();
    // What was to be seen, was: repeats within and between batches, and labels.
    expect(seen.rows).toBeGreaterThanOrEqual(ROWS * 0.99);
    expect(seen.new).toBeLessThan(seen.rows * 0.99);
    expect(seen.labels).toBeGreaterThan(ROWS / 200);
  },
  60_000 + ROWS * 2,
);
