import { expect, inject, it } from 'vitest';
import { ClusterFeatureStore, MemoryFeatureStore, RedisFeatureStore } from '@fraud/features';
import { connectRedis, loadConfig, openCluster, openRedis, RedisPool } from '@fraud/platform';
import { openFeatureReplay, type FeatureReplay } from '@fraud/scoring';
import { mixedTraffic } from '../support/mixed-traffic.js';
import { emptyDatabase } from '../support/redis-database.js';
import { startRedisCluster } from '../support/redis-nodes.js';

/** `npm run test:equivalence` sets a million. */
const ROWS = Number(process.env['FRAUD_EQUIVALENCE_ROWS'] ?? 20_000);
const DECISION_TTL_S = 86_400;
/** Nothing falls out of the embedded store. */
const ROOM = { maxCards: 2 * ROWS, maxMerchants: 2 * ROWS, maxDecisions: 2 * ROWS };

type Vectors = Awaited<ReturnType<FeatureReplay['newVectors']>>;

const isSame = (one: Vectors, other: Vectors): boolean =>
  Buffer.from(one.values.buffer).equals(Buffer.from(other.values.buffer)) &&
  Buffer.from(one.saturated).equals(Buffer.from(other.saturated)) &&
  one.rows.join() === other.rows.join() &&
  one.repeated.join() === other.repeated.join();

it(
  `Redis, a Redis Cluster and the embedded store give the same vectors, to the byte, over ${ROWS.toLocaleString('en-US')} transactions`,
  async () => {
    const connection = openRedis(await emptyDatabase(inject('redisUrl'), 12));
    await connection.connect();
    const cluster = await startRedisCluster();
    const clustered = openCluster(cluster.settings);
    await connectRedis(clustered, cluster.settings);
    const stores = [
      new MemoryFeatureStore({ decisionTtlMs: DECISION_TTL_S * 1000, ...ROOM }),
      new RedisFeatureStore(new RedisPool([{ client: connection }], 32), DECISION_TTL_S),
      new ClusterFeatureStore(new RedisPool([{ client: clustered }], 32), DECISION_TTL_S),
    ];
    const replays = stores.map((store) => openFeatureReplay(loadConfig({}), store));
    const seen = { rows: 0, new: 0, labels: 0 };
    let different: object | null = null;
    try {
      for (const happening of mixedTraffic(ROWS, 20_260_105)) {
        if (happening.kind === 'label') {
          await Promise.all(replays.map((one) => one.know(happening.transaction, happening.fraud)));
          seen.labels += 1;
          continue;
        }
        const { batch } = happening;
        const [ours, ...others] = await Promise.all(replays.map((one) => one.newVectors(batch)));
        seen.rows += batch.length;
        seen.new += ours!.rows.length;
        const other = others.find((theirs) => !isSame(ours!, theirs));
        if (other === undefined) continue;
        different = { at: seen.rows, ours, other, store: others.indexOf(other) + 1 };
        break;
      }
    } finally {
      await Promise.all(stores.map((store) => store.close()));
      await cluster.stop();
    }
    expect(different).toBeNull();
    // What was to be seen, was: repeats within and between batches, and labels.
    expect(seen.rows).toBeGreaterThanOrEqual(ROWS * 0.99);
    expect(seen.new).toBeLessThan(seen.rows * 0.99);
    expect(seen.labels).toBeGreaterThan(ROWS / 200);
  },
  60_000 + ROWS * 2,
);
