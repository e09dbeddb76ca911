import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Transaction } from '@fraud/contract';
import { loadConfig, openRedis, type Redis } from '@fraud/platform';
import type { QualityReport } from '@fraud/records';
import { Engine } from '@fraud/scoring';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createApp } from '../../apps/api/src/create-app.js';
import { runCli } from '../support/cli.js';
import { MemoryLabelRecords } from '../support/memory-label-records.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const LABELLED_AT = '2026-01-20T09:00:00+01:00';
const ADMIN_TOKEN = 'a-token-of-the-administrator';

// The API in this process with its real engine on a real Redis, its records in memory; the tools as they are built.
let records: MemoryLabelRecords;
let app: NestFastifyApplication;
let url: string;
let redis: Redis;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'fraud-label-tools-'));
  const REDIS_URL = await emptyDatabase(inject('redisUrl'), 20);
  redis = openRedis(REDIS_URL);
  await redis.connect();
  const config = loadConfig({ REDIS_URL, ADMIN_TOKEN, LOG_LEVEL: 'error', DATA_DIR: directory });
  records = new MemoryLabelRecords();
  app = await createApp(await Engine.open(config), config, records);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  redis.disconnect();
  await rm(directory, { recursive: true, force: true });
});

async function decide(): Promise<Transaction> {
  const transaction = aTransaction();
  const decision = (await (await post(`${url}/v1/decisions`, transaction)).json()) as { decision: 'approve' };
  records.decide(transaction, decision.decision);
  return transaction;
}

/** What the feature store keeps of the label of a transaction. */
const told = async ({ transaction_id }: Transaction): Promise<string | null> => {
  const [key] = await redis.keys(`*:l:${transaction_id}`);
  return key === undefined ? null : await redis.get(key);
};

describe('npm run label', () => {
  it('has features told of a fraud, and of its correction', async () => {
    const transaction = await decide();
    const label = (truth: string, at: string) =>
      runCli(['label', transaction.transaction_id, truth, '--source', 'review', '--at', at, '--url', url]);
    const { output, code } = await label('fraud', LABELLED_AT);
    expect(code).toBe(0);
    expect(output).toBe(`taken: ${transaction.transaction_id} is fraud (review, ${LABELLED_AT})\n`);
    await until(async () => (await told(transaction)) === '1');
    await label('legitimate', '2026-02-20T09:00:00Z');
    await until(async () => (await told(transaction)) === '0');
    // Known earlier, and told later.
    await label('fraud', LABELLED_AT);
    expect(records.applied[transaction.transaction_id]).toBe(false);
  });
});

describe('npm run label -- --file and npm run evaluate', () => {
  it('tell what transactions turned out to be, and how good decisions were', async () => {
    const transactions: Transaction[] = [];
    for (let i = 0; i < 80; i++) transactions.push(await decide());
    const lines = transactions
      .slice(0, 60)
      .map(({ transaction_id: id }, i) => `${id},${i < 40 ? 'fraud' : 'legitimate'}`);
    const file = path.join(directory, 'labels.csv');
    await writeFile(file, `transaction_id,label\n${lines.join('\n')}\n`);
    const sent = await runCli([
      'label',
      '--file',
      file,
      '--source',
      'customer',
      '--at',
      LABELLED_AT,
      '--url',
      url,
    ]);
    expect(sent.output).toContain('60 labels taken: 40 fraud, 20 legitimate');
    await until(async () => (await told(transactions[39]!)) === '1');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(sample(metrics, 'fraud_labels_total{label="fraud",source="customer"}')).toBe(40);

    const args = ['evaluate', '--from', '2026-01-05', '--to', '2026-01-06', '--url', url];
    const { output, code } = await runCli(args, { ADMIN_TOKEN });
    expect(output).toContain('Half of the frauds are known within 15 days, 95 % within 15 (of 40 frauds');
    expect(output).toMatch(/^2026-01-05 +81 +75.3 % +40 +40 .*100.0 %$/m);
    expect(code).toBe(0);
    const report = JSON.parse((await runCli([...args, '--json'], { ADMIN_TOKEN })).output) as QualityReport;
    expect(report.weeks).toMatchObject([{ decisions: 81, labelled: 61, frauds: 40, mature: true }]);
    const refused = await runCli(args);
    expect(refused.output).toContain('ADMIN_TOKEN=… npm run evaluate');
    expect(refused.code).toBe(1);
  });

  it('say so while the records cannot be asked', async () => {
    records.away = true;
    const { output, code } = await runCli(['evaluate', '--url', url], { ADMIN_TOKEN });
    records.away = false;
    expect(output).toContain('records_unavailable');
    expect(code).toBe(1);
  });
});
