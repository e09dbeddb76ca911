import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { KafkaBench } from '../support/kafka.js';
import { startConsumer } from '../support/product-process.js';
import { aTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

const TOOL = path.resolve(import.meta.dirname, '../../scripts/kafka-consumer-groups.sh');
const PARTITIONS = 2;
/** Takes longer than the tool needs to look. */
const BACKLOG = 60_000;

let bench: KafkaBench;
beforeAll(async () => {
  bench = await KafkaBench.open(inject('kafkaBrokers'), PARTITIONS);
});
afterAll(async () => {
  await bench.close();
});

const produce = (count: number): Promise<void> =>
  bench.produce(
    Array.from({ length: count }, (_, i) => {
      const t = aTransaction({ card_id: `card-${i % 50}` });
      return { key: t.card_id, value: JSON.stringify(t) };
    }),
  );

/** LAG by partition, as Kafka's own tool sees it. */
async function describedLag(): Promise<number[]> {
  const { stdout } = await promisify(execFile)(TOOL, [
    '--bootstrap-server',
    bench.brokers,
    '--group',
    bench.group,
    '--describe',
  ]);
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const header = lines.find((cells) => cells.includes('LAG'))!;
  return lines
    .filter((cells) => cells[header.indexOf('TOPIC')] === bench.transactions)
    .toSorted((a, b) => Number(a[header.indexOf('PARTITION')]) - Number(b[header.indexOf('PARTITION')]))
    .map((cells) => Number(cells[header.indexOf('LAG')]));
}

async function shownLag(url: string): Promise<(number | undefined)[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Array.from({ length: PARTITIONS }, (_, partition) => {
    const name = `fraud_kafka_consumer_lag{topic="${bench.transactions}",partition="${partition}"} `;
    const line = metrics.split('\n').find((l) => l.startsWith(name));
    return line === undefined ? undefined : Number(line.slice(name.length));
  });
}

const total = (lags: readonly (number | undefined)[]): number =>
  lags.reduce<number>((n, lag) => n + (lag ?? 0), 0);

it('the lag that /metrics shows is the one that kafka-consumer-groups.sh describes', async () => {
  await produce(BACKLOG);
  // Small slices, so that the backlog lasts.
  const consumer = await startConsumer({ ...bench.env, FEATURE_STORE: 'memory', MAX_POLL_RECORDS: '10' });
  await until(async () => total(await shownLag(consumer.url)) > 0);
  // It only falls, so what is described lies between what is shown before and after.
  const before = await shownLag(consumer.url);
  const described = await describedLag();
  let after = before;
  await until(async () => {
    after = await shownLag(consumer.url);
    return after.every((lag, partition) => lag! <= described[partition]!);
  });
  expect(total(described)).toBeGreaterThan(0);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    expect(described[partition]).toBeLessThanOrEqual(before[partition]!);
  }

  await until(async () => (await bench.lag()) === 0);
  await until(async () => (await shownLag(consumer.url)).every((lag) => lag === 0));
  expect(await describedLag()).toEqual([0, 0]);
  await consumer.stop();
});
