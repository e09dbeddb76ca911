import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AcknowledgedProducer } from '@fraud/platform';
import { startServices, type ServiceNode } from '../../scripts/lib/services/for-tests.mjs';
import { KafkaBench } from '../support/kafka.js';
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
});
