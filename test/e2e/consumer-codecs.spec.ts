import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { KafkaBench } from '../support/kafka.js';
import { startConsumer, type ProductProcess } from '../support/product-process.js';
import { aTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

const TOOL = path.resolve(import.meta.dirname, '../../scripts/kafka-tool.sh');

let bench: KafkaBench;
let consumer: ProductProcess;
let directory: string;
beforeAll(async () => {
  bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
  directory = await mkdtemp(path.join(tmpdir(), 'fraud-codecs-'));
  consumer = await startConsumer({ ...bench.env, FEATURE_STORE: 'memory' });
});
afterAll(async () => {
  await consumer.stop();
  await bench.close();
  await rm(directory, { recursive: true });
});

it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
  'decides what a Java producer with compression.type=%s wrote',
  async (codec) => {
    const before = await bench.size(bench.decisions);
    const payloads = path.join(directory, codec);
    const lines = Array.from({ length: 50 }, () => JSON.stringify(aTransaction()));
    await writeFile(payloads, lines.join('\n'));
    // It draws its payloads from the file, with repetition.
    const args =
      `--topic ${bench.transactions} --num-records 100 --throughput -1 --payload-file ${payloads} ` +
      `--producer-props bootstrap.servers=${bench.brokers} compression.type=${codec} linger.ms=50`;
    await promisify(execFile)(TOOL, ['org.apache.kafka.tools.ProducerPerformance', ...args.split(' ')]);
    await until(async () => (await bench.size(bench.decisions)) === before + 100);
    expect(await bench.size(bench.deadLetters)).toBe(0);
    await until(async () => (await bench.lag()) === 0);
  },
);
