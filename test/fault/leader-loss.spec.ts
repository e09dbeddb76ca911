import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { AcknowledgedProducer } from '@fraud/platform';
import { startServices, type ServiceNode } from '../../scripts/lib/services/for-tests.mjs';
import { KafkaBench } from '../support/kafka.js';
import { startConsumer } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

const PARTITIONS = 12;
const REPLICAS = 3;

describe('three brokers of which the leader of some partitions is killed', () => {
  let brokers: readonly ServiceNode[];
  let bootstrap: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'fraud-cluster-'));
    const started = await startServices(['kafka-cluster'], directory);
    ({ stop } = started);
    brokers = started.nodes['kafka-cluster']!;
    bootstrap = started.urls['kafka-cluster']!;
  });
  beforeEach(async () => {
    // Whom an earlier test killed is back by now.
    for (const broker of brokers) await broker.start();
  });
  afterAll(() => stop());

  /** The broker that leads the first partition of a topic. */
  async function leaderOf(bench: KafkaBench, topic: string): Promise<ServiceNode> {
    const node = (await bench.leaders(topic))[0];
    return brokers.find((b) => b.node === node)!;
  }

  it('the producer loses no message that it acknowledged', async () => {
    const bench = await KafkaBench.open(bootstrap, PARTITIONS, REPLICAS);
    const producer = new AcknowledgedProducer(bench.kafka);
    await producer.connect();
    const acknowledged: string[] = [];
    const enough = new AbortController();
    // Several sends at a time, each across all partitions, so that some are under way in the moment of the kill.
    const senders = Array.from({ length: 4 }, async (_, sender) => {
      for (let n = 0; !enough.signal.aborted; n++) {
        const ids = Array.from({ length: 120 }, (__, i) => `${sender}-${n}-${i}`);
        await producer.send(ids.map((id) => ({ topic: bench.transactions, key: id, value: id })));
        acknowledged.push(...ids);
      }
    });
    await until(() => acknowledged.length > 2000);
    const victim = await leaderOf(bench, bench.transactions);
    await victim.kill();
    const atKill = acknowledged.length;
    await until(() => acknowledged.length > atKill + 5000);
    enough.abort();
    await Promise.all(senders);
    await producer.disconnect();

    const there = new Set((await bench.read(bench.transactions)).map((m) => String(m.value)));
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    await bench.close();
  });

  it('no transaction loses its decision, whichever broker coordinates the group', async () => {
    const bench = await KafkaBench.open(bootstrap, PARTITIONS, REPLICAS);
    const consumer = await startConsumer({
      ...bench.env,
      REDIS_URL: await emptyDatabase(inject('redisUrl'), 7),
    });
    const transactions = Array.from({ length: 20_000 }, (_, i) =>
      aTransaction({ card_id: `card-${i % 400}` }),
    );
    const produced = bench.produce(transactions.map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
    await until(async () => (await bench.size(bench.decisions).catch(() => 0)) > 2000, 10);
    await (await leaderOf(bench, bench.decisions)).kill();
    await produced;
    await until(async () => (await bench.lag().catch(() => 1)) === 0, 250);
    expect((await consumer.stop()).code).toBe(0);

    const decided = (await bench.read(bench.decisions)).map((m) => String(m.value));
    const ids = new Set(
      decided.map((text) => (JSON.parse(text) as { transaction_id: string }).transaction_id),
    );
    expect(transactions.filter((t) => !ids.has(t.transaction_id))).toEqual([]);
    expect(await bench.size(bench.deadLetters)).toBe(0);
    // Published twice, perhaps; but the same.
    expect(new Set(decided).size).toBe(transactions.length);
    await bench.close();
  });
});
