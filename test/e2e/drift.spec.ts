import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Transaction } from '@fraud/contract';
import { LEAST_ROWS, type Reading } from '@fraud/drift';
import { simulate } from '@fraud/traffic';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { REPOSITORY, runCli } from '../support/cli.js';
import { debianProgram, INSTALL_MS } from '../support/debian-program.js';
import { driftOf, named, writeModelOf } from '../support/drift-model.js';
import { KafkaBench } from '../support/kafka.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, startConsumer, type ProductProcess } from '../support/product-process.js';
import { startPrometheus, type Prometheus } from '../support/prometheus.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const BATCH = 500;
const ROWS = 6000;

/** Simulated traffic, with time for histories; the same for everybody. */
const TRAFFIC: readonly Transaction[] = [...simulate({ seed: 41, cards: 300, days: 60 })]
  .slice(0, ROWS)
  .map(({ transaction }) => transaction);

let directory: string;
/** A model whose training rows were distributed as TRAFFIC. */
let modelOfTraffic: string;
const running: ProductProcess[] = [];
const watching: Prometheus[] = [];

async function api(env: Record<string, string> = {}): Promise<ProductProcess> {
  const one = await startApi(env);
  running.push(one);
  return one;
}

async function send({ url }: ProductProcess, transactions: readonly Transaction[]): Promise<void> {
  for (let from = 0; from < transactions.length; from += BATCH) {
    const answer = await post(`${url}/v1/decisions/batch`, {
      transactions: transactions.slice(from, from + BATCH),
    });
    expect(answer.status).toBe(200);
    await answer.text();
  }
}

/** Rows that were counted for a feature. */
const rowsOf = async (one: ProductProcess): Promise<number> =>
  (await driftOf(one)).windows['1h'].features[0]!.rows;

/** The same by its metrics, which consumers have, too. */
async function countedBy({ url }: ProductProcess): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const rows = metrics.matchAll(/^fraud_drift_rows_total\{.*feature="amount".*\} (\d+)$/gm);
  return [...rows].reduce((sum, [, count]) => sum + Number(count), 0);
}

const times = (factor: number): readonly Transaction[] =>
  TRAFFIC.map((t) => ({ ...t, amount: Math.round(t.amount * factor) }));

beforeAll(async () => {
  await debianProgram('prometheus');
  directory = await mkdtemp(path.join(tmpdir(), 'drift-'));
  modelOfTraffic = path.join(directory, 'model');
  const first = await startApi();
  await send(first, TRAFFIC);
  await writeModelOf(await driftOf(first), modelOfTraffic);
  await first.stop();
}, INSTALL_MS);
afterAll(() => rm(directory, { recursive: true }));
afterEach(async () => {
  await Promise.all(watching.splice(0).map((one) => one.stop()));
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

it('is calm while traffic is what the model was trained on, and `evaluate -- --check-drift` ends with 0', async () => {
  const one = await api({ MODEL_URI: modelOfTraffic });
  await send(one, TRAFFIC);
  const { windows, reference_rows } = await driftOf(one);
  expect(reference_rows).toBe(ROWS);
  expect(windows['24h'].verdict).toBe('calm');
  for (const { psi, rows } of windows['24h'].features) {
    // But for the few rows that lay outside the range of the shipped model, when the shares were taken.
    expect(psi).toBeCloseTo(0, 4);
    expect(rows).toBe(ROWS);
  }
  const { code, output } = await runCli(['evaluate', '--check-drift', '--url', one.url]);
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toMatch(/^Calm: none of \d+ moved beyond its threshold\.$/m);
  expect(output).toMatch(/^card_count_24h +0\.0000 +0\.1000 +6,000 +calm$/m);
});

it('drifts where amounts double: the feature is named with its bins, plots are drawn, and the command ends with 1', async () => {
  const one = await api({ MODEL_URI: modelOfTraffic });
  await send(one, times(2));
  const html = path.join(directory, 'drift.html');
  const { code, output } = await runCli(['evaluate', '--check-drift', '--url', one.url, '--html', html]);
  expect({ code, output }).toMatchObject({ code: 1 });
  expect(output).toMatch(/^Drift: \d+ of \d+ moved beyond their threshold\.$/m);
  expect(output).toMatch(/^amount +0\.\d{4} +0\.1000 +6,000 +DRIFT$/m);
  expect(output).toMatch(/^below [\d.]+ +\d+\.\d % +█/m);
  const page = await readFile(html, 'utf8');
  expect(page).toContain('amount, PSI 0.');
  expect(page).toContain('<svg role="img"');
  const metrics = await (await fetch(`${one.url}/metrics`)).text();
  const score = /^fraud_drift_score\{model="[^"]+",feature="amount",window="24h"\} (\S+)$/m.exec(metrics);
  expect(Number(score?.[1])).toBeGreaterThan(0.1);
});

it('says insufficient, and no number, below a thousand rows; the command ends with 2', async () => {
  const one = await api({ MODEL_URI: modelOfTraffic });
  await send(one, TRAFFIC.slice(0, LEAST_ROWS - 1));
  const { windows } = await driftOf(one);
  expect(windows['24h'].verdict).toBe('insufficient');
  expect(windows['24h'].features.every(({ psi }) => psi === null)).toBe(true);
  const { code, output } = await runCli(['evaluate', '--check-drift', '--url', one.url, '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(output)).toMatchObject({ verdict: 'insufficient' });
  const metrics = await (await fetch(`${one.url}/metrics`)).text();
  expect(metrics).not.toMatch(/^fraud_drift_score\{/m);
  expect(metrics).toMatch(/^fraud_drift_rows_total\{.*feature="amount".*\} \d+$/m);
});

it('ends with 3 where nothing could be looked at, which is neither calm nor drift', async () => {
  const { code, output } = await runCli(['evaluate', '--check-drift', '--url', 'http://127.0.0.1:9']);
  expect(code).toBe(3);
  expect(output).toContain('No server answers at http://127.0.0.1:9');
});

it('leaves out repeats, and what was let through by a bypass or decided without histories', async () => {
  const one = await api({ MODEL_URI: modelOfTraffic });
  await send(one, TRAFFIC.slice(0, 200));
  await send(one, TRAFFIC.slice(0, 200));
  expect(await rowsOf(one)).toBe(200);
  const bypassed = await api({ MODEL_URI: modelOfTraffic, BYPASS_MODE: 'true' });
  await send(bypassed, TRAFFIC.slice(0, 200));
  expect(await rowsOf(bypassed)).toBe(0);
  const stateless = await api({ MODEL_URI: modelOfTraffic, REDIS_URL: 'redis://127.0.0.1:9' });
  await send(stateless, TRAFFIC.slice(0, 200));
  expect(await rowsOf(stateless)).toBe(0);
});

it('reads the same of recorded decisions, afterwards', async () => {
  const databaseUrl = await emptyPostgres(inject('postgresUrl'), 'drift');
  const env = { MODEL_URI: modelOfTraffic, DATABASE_URL: databaseUrl };
  const one = await api(env);
  await send(one, times(2));
  const { windows } = await driftOf(one);
  await one.stop();
  const { code, output } = await runCli(['evaluate', '--check-drift', '--records', '--json'], env);
  expect({ code, output }).toMatchObject({ code: 1 });
  const { models } = JSON.parse(output.slice(output.indexOf('{'))) as { models: { features: Reading[] }[] };
  expect(models[0]!.features).toEqual(windows['24h'].features);
});

it('watches what the consumer decides, too', async () => {
  const bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
  const consumer = await startConsumer({
    ...bench.env,
    FEATURE_STORE: 'memory',
    MODEL_URI: modelOfTraffic,
  });
  running.push(consumer);
  await bench.produce(TRAFFIC.slice(0, 1200).map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
  await until(async () => (await countedBy(consumer)) >= 1200);
  expect(await countedBy(consumer)).toBe(1200);
  await bench.close();
});

it('tells administrators alone: the bins of the score say where thresholds may lie', async () => {
  const token = 'a token of sixteen'.replaceAll(' ', '-');
  const one = await api({ ADMIN_TOKEN: token });
  expect((await fetch(`${one.url}/v1/drift`)).status).toBe(401);
  const check = ['evaluate', '--check-drift', '--url', one.url];
  const refused = await runCli(check);
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.output).toContain('ADMIN_TOKEN=… npm run evaluate -- --check-drift');
  expect(await runCli(check, { ADMIN_TOKEN: token })).toMatchObject({ code: 2 });
});

it('says of three processes together what one says that got the same rows, by the recording rule and by the command', async () => {
  // Each of a card of its own: no history makes a row depend on who got the ones before it.
  const rows = Array.from({ length: ROWS }, (_, i) =>
    aTransaction({ amount: 100 + ((i * 7919) % 20_000), channel: i % 7 === 0 ? 'pos' : 'ecommerce' }),
  );
  const env = { MODEL_URI: modelOfTraffic };
  const alone = await api(env);
  const three = [await api(env), await api(env), await api(env)];
  const rules = await readFile(path.join(REPOSITORY, 'deploy/prometheus/recording.yaml'), 'utf8');
  const prometheus = await startPrometheus({ api: three.map(({ url }) => new URL(url).host) }, [
    rules.replaceAll('interval: 5m', 'interval: 1s'),
  ]);
  watching.push(prometheus);
  // A rate is of what comes after the first look.
  await until(async () => (await prometheus.query('count(fraud_drift_reference_rows)'))[0]?.value === 3);
  await send(alone, rows);
  await Promise.all(
    three.map((one, part) =>
      send(
        one,
        rows.filter((_, i) => i % 3 === part),
      ),
    ),
  );
  const { features } = (await driftOf(alone)).windows['24h'];

  // Together they counted the very rows.
  const counted = async () =>
    new Map(
      (await prometheus.query('sum by (feature, bin) (fraud_drift_rows_total)')).map(({ metric, value }) => [
        `${metric['feature']} ${metric['bin']}`,
        value,
      ]),
    );
  const alike = features.flatMap(({ feature, bins }) =>
    bins.map(({ bin, rows: found }) => [`${feature} ${bin}`, found] as const),
  );
  await until(async () => {
    const found = await counted();
    return alike.every(([key, value]) => found.get(key) === value);
  });

  // Prometheus extrapolates to the ends of its window, a little more for one instance than for another.
  const near = (value: number | undefined, psi: number): boolean =>
    Math.abs((value ?? NaN) - psi) < 0.002 * psi + 1e-4;
  const scores = async () =>
    new Map((await prometheus.query('fraud:drift_score:1d')).map((s) => [s.metric['feature'], s.value]));
  await until(async () => {
    const found = await scores();
    return features.every(({ feature, psi }) => near(found.get(feature), psi!));
  });
  expect((await scores()).size).toBe(features.length);
  const thresholds = await prometheus.query('fraud:drift_threshold:1d');
  expect(thresholds).toHaveLength(features.length);
  for (const { value } of thresholds) expect(value).toBe(0.1);

  const { code, output } = await runCli([
    'evaluate',
    '--check-drift',
    '--prometheus',
    prometheus.url,
    '--json',
  ]);
  expect({ code, output }).toMatchObject({ code: 1 });
  const { models } = JSON.parse(output) as { models: { features: Reading[] }[] };
  expect(
    features.filter(({ feature, psi }) => !near(named(models[0]!.features, feature).psi!, psi!)),
  ).toEqual([]);
});
