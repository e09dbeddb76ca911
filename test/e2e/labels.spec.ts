import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRedis } from '@fraud/platform';
import { OUTCOMES } from '@fraud/contract';
import type { QualityReport } from '@fraud/records';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { KafkaBench } from '../support/kafka.js';
import { startApi, startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const LABELLED_AT = '2026-01-20T09:00:00+01:00';
const aLabel = (transaction_id: string, label: 'fraud' | 'legitimate' = 'fraud') => ({
  transaction_id,
  label,
  source: 'chargeback',
  labelled_at: LABELLED_AT,
});

let running: ProductProcess[] = [];
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'fraud-labels-'));
});
afterEach(async () => {
  for (const one of running) await one.stop();
  running = [];
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function api(env: Record<string, string> = {}): Promise<ProductProcess> {
  const one = await startApi({ RECORDS: 'on', ...env });
  running.push(one);
  return one;
}

interface OpenApi {
  readonly paths: Record<string, Record<string, unknown>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

describe('the OpenAPI document', () => {
  it('has the routes of labels and of quality, and every schema that they name', async () => {
    const { url } = await api();
    const document = (await (await fetch(`${url}/docs-json`)).json()) as OpenApi;
    expect(Object.keys(document.paths['/v1/labels']!).toSorted()).toEqual(['get', 'post']);
    for (const route of ['/v1/quality', '/v1/quality/scores'])
      expect(Object.keys(document.paths[route]!)).toEqual(['get']);
    const named = JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g);
    const missing = [...named]
      .map(([, name]) => name!)
      .filter((name) => !(name in document.components.schemas));
    expect(missing).toEqual([]);
  });
});

describe('the tools', () => {
  it('say what is wrong before they ask a server', async () => {
    const { url } = await api();
    for (const [args, output] of [
      [['label'], /Give a transaction and its label, or --file/],
      [['label', 'tx-1', 'fraud'], /--source is required/],
      [['label', 'tx-1', 'perhaps', '--source', 'review'], /Allowed choices are fraud, legitimate/],
      [['label', 'tx-1', 'fraud', '--source', 'review', '--at', 'yesterday'], /--at must be an RFC 3339/],
      [['label', '--file', '/nowhere/labels.csv'], /there is no such file/],
      [['evaluate', '--from', '2026-01-05T00:00:00', '--url', url], /invalid_query.*\n.*from must be a date/],
      [['evaluate', '--url', 'http://127.0.0.1:1'], /No server answers/],
    ] as const) {
      const run = await runCli(args);
      expect(run.output).toMatch(output);
      expect(run.code).toBe(1);
      expect(run.output).not.toMatch(/^ +at /m);
    }
  });
});

describe('labels', () => {
  const labelsOf = async (url: string, id: string): Promise<unknown[]> => {
    const answer = await fetch(`${url}/v1/labels?transaction_id=${id}`);
    return answer.ok ? ((await answer.json()) as { labels: unknown[] }).labels : [];
  };

  async function isKnownToFeatures(redisUrl: string, id: string): Promise<boolean> {
    const redis = openRedis(redisUrl);
    try {
      await redis.connect();
      const [key] = await redis.keys(`*:l:${id}`);
      return key !== undefined && (await redis.get(key)) === '1';
    } finally {
      redis.disconnect();
    }
  }

  it('that were answered survive kill -9, and features know of them', async () => {
    const REDIS_URL = await emptyDatabase(inject('redisUrl'), 20);
    const env = { DATA_DIR: path.join(directory, 'killed'), REDIS_URL, REDIS_TIMEOUT_MS: '1000' };
    const first = await api(env);
    const transaction = aTransaction();
    expect((await post(`${first.url}/v1/decisions`, transaction)).status).toBe(200);
    const answer = await post(`${first.url}/v1/labels`, aLabel(transaction.transaction_id));
    expect([answer.status, await answer.json()]).toEqual([202, { accepted: 1 }]);
    await first.stop('SIGKILL');
    const { url } = await api(env);
    await until(async () => (await labelsOf(url, transaction.transaction_id)).length > 0);
    expect(await labelsOf(url, transaction.transaction_id)).toMatchObject([
      { ...aLabel(transaction.transaction_id), labelled_at: '2026-01-20T08:00:00.000Z' },
    ]);
    await until(() => isKnownToFeatures(REDIS_URL, transaction.transaction_id));
  });

  it('may come before the decision, and the one that became known later holds', async () => {
    const { url } = await api({ DATA_DIR: path.join(directory, 'order') });
    const transaction = aTransaction();
    const id = transaction.transaction_id;
    const later = { ...aLabel(id, 'legitimate'), labelled_at: '2026-02-01T00:00:00Z', source: 'review' };
    await post(`${url}/v1/labels`, { labels: [later, aLabel(id)] });
    await post(`${url}/v1/decisions`, transaction);
    const week = async () => {
      const report = await fetch(`${url}/v1/quality?from=2026-01-05&to=2026-01-06`);
      return report.ok ? ((await report.json()) as QualityReport).weeks[0] : undefined;
    };
    await until(async () => (await week())?.labelled === 1);
    expect(await week()).toMatchObject({ decisions: 1, labelled: 1, frauds: 0 });
  });

  it('come from a file, and evaluate says how good decisions were', async () => {
    const { url } = await api({ DATA_DIR: path.join(directory, 'quality') });
    const transactions = Array.from({ length: 120 }, () => aTransaction());
    await post(`${url}/v1/decisions/batch`, { transactions });
    const rows = transactions
      .slice(0, 60)
      .map((t, i) => `${t.transaction_id},${i < 40 ? 'fraud' : 'legitimate'}`);
    const file = path.join(directory, 'labels.csv');
    await writeFile(file, `transaction_id,label\n${rows.join('\n')}\n`);
    const sent = await runCli([
      'label',
      '--file',
      file,
      '--source',
      'review',
      '--at',
      LABELLED_AT,
      '--url',
      url,
    ]);
    expect(sent.output).toContain('60 labels taken: 40 fraud, 20 legitimate');
    const one = transactions[60]!.transaction_id;
    const single = await runCli([
      'label',
      one,
      'fraud',
      '--source',
      'customer',
      '--at',
      LABELLED_AT,
      '--url',
      url,
    ]);
    expect(single.output).toContain(`taken: ${one} is fraud (customer, ${LABELLED_AT})`);
    const evaluate = (...more: string[]) =>
      runCli(['evaluate', '--from', '2026-01-05', '--to', '2026-01-06', '--url', url, ...more]);
    await until(async () => (await evaluate()).output.includes('of 41 frauds'));
    const { output, code } = await evaluate();
    expect(code).toBe(0);
    expect(output).toMatch(/^2026-01-05 +120 +50.8 % +41 +41 .*100.0 %$/m);
    const report = JSON.parse((await evaluate('--json')).output) as QualityReport;
    expect(report.weeks).toMatchObject([{ decisions: 120, labelled: 61, frauds: 41, mature: true }]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(sample(metrics, 'fraud_labels_total{label="fraud",source="review"}')).toBe(40);
    const known = (label: string, what = 'decisions') => {
      const labelled = (decision: string) =>
        sample(metrics, `fraud_labelled_${what}_total{decision="${decision}",label="${label}"}`) ?? NaN;
      return OUTCOMES.reduce((sum, decision) => sum + labelled(decision), 0);
    };
    expect([known('fraud'), known('legitimate')]).toEqual([41, 20]);
    expect(known('fraud', 'amount')).toBe(transactions[0]!.amount * 41);
  });

  it('come over Kafka, too, and features know of them', async () => {
    const REDIS_URL = await emptyDatabase(inject('redisUrl'), 21);
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
    const consumer = await startConsumer({
      RECORDS: 'on',
      ...bench.env,
      REDIS_URL,
      DATA_DIR: path.join(directory, 'kafka'),
    });
    running.push(consumer);
    const transaction = aTransaction({ transaction_id: randomUUID() });
    await bench.produce([{ key: transaction.card_id, value: JSON.stringify(transaction) }]);
    const label = { key: null, value: JSON.stringify(aLabel(transaction.transaction_id)) };
    await bench.produce([label, { key: null, value: 'not json' }], bench.labels);
    await until(async () => (await bench.labelLag()) === 0);
    expect(await bench.size(bench.deadLetters)).toBe(1);
    await until(() => isKnownToFeatures(REDIS_URL, transaction.transaction_id));
    await bench.close();
  });
});
