import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision } from '@fraud/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { KafkaBench } from '../support/kafka.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const PATIENT = { REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '10000' };

let shipped: string;
let directory: string;
let file: string;
const running: ProductProcess[] = [];

beforeAll(async () => {
  shipped = await readFile('config/policy.yaml', 'utf8');
  directory = await mkdtemp(path.join(tmpdir(), 'policy-'));
  file = path.join(directory, 'policy.yaml');
});
beforeEach(() => writeFile(file, shipped));
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(() => rm(directory, { recursive: true }));

const started = async (one: Promise<ProductProcess>): Promise<ProductProcess> => {
  running.push(await one);
  return running.at(-1)!;
};

/** Everything is stopped: each threshold is 0. */
const declinesAll = (): string =>
  shipped.replaceAll(/(step_up|review|decline): [\d.]+/g, (_, name: string) => `${name}: 0`);

const decide = async ({ url }: ProductProcess): Promise<Decision> =>
  (await (await post(`${url}/v1/decisions`, aTransaction())).json()) as Decision;

const metric = async ({ url }: ProductProcess, name: string): Promise<number | undefined> =>
  sample(await (await fetch(`${url}/metrics`)).text(), name);

interface Shown {
  readonly version: string;
  readonly policy: { readonly thresholds: { readonly decline: number } };
  readonly refused: { readonly message: string } | null;
}
const policyOf = async ({ url }: ProductProcess): Promise<Shown> =>
  (await (await fetch(`${url}/v1/policy`)).json()) as Shown;

describe('policy.yaml', () => {
  it('decides within two seconds of its change, under its own version, and both versions can be repeated', async () => {
    const env = {
      POLICY_FILE: file,
      REDIS_URL: await emptyDatabase(inject('redisUrl'), 49),
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'policy_e2e'),
      ...PATIENT,
    };
    const api = await started(startApi(env));
    const before = await decide(api);
    expect(before.decision).toBe('approve');
    await writeFile(file, declinesAll());
    const changedAt = performance.now();
    await until(async () => (await decide(api)).decision === 'decline');
    expect(performance.now() - changedAt).toBeLessThan(2000);
    const after = await decide(api);
    expect(after.versions.policy).not.toBe(before.versions.policy);
    expect(await policyOf(api)).toMatchObject({
      version: after.versions.policy,
      policy: { thresholds: { decline: 0 } },
      refused: null,
    });
    expect(await metric(api, `fraud_policy_info{version="${after.versions.policy}"}`)).toBe(1);
    for (const { decision_id } of [before, after]) {
      await until(async () => (await fetch(`${api.url}/v1/decisions/${decision_id}`)).status === 200);
      const run = await runCli(['reproduce', decision_id, '--json'], env);
      expect(JSON.parse(run.output)).toMatchObject({ fromVector: { identical: true, differs: [] } });
    }
  });

  it('that is not valid changes nothing, and says why in log, metric and answer; what is valid follows', async () => {
    const api = await started(startApi({ POLICY_FILE: file }));
    const before = await decide(api);
    await writeFile(file, declinesAll().replace('fail_action: review', 'fail_action: approve'));
    await until(async () => (await metric(api, 'fraud_policy_rejected')) === 1);
    expect((await policyOf(api)).refused!.message).toMatch(/fail_action must be equal to one of/);
    expect(api.output()).toMatch(/policy refused, [0-9a-f]{12} stays in force: .*policy\.yaml is not valid/);
    const still = await decide(api);
    expect([still.decision, still.versions.policy]).toEqual(['approve', before.versions.policy]);
    expect(await metric(api, 'fraud_policy_loads_total{result="refused"}')).toBe(1);
    await writeFile(file, shipped);
    await until(async () => (await metric(api, 'fraud_policy_rejected')) === 0);
    await writeFile(file, declinesAll());
    await until(async () => (await decide(api)).decision === 'decline');
  });

  it('decides at the consumer, too', async () => {
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
    const consumer = await started(
      startConsumer({
        ...bench.env,
        POLICY_FILE: file,
        REDIS_URL: await emptyDatabase(inject('redisUrl'), 49),
      }),
    );
    await writeFile(file, declinesAll());
    await until(async () => (await metric(consumer, 'fraud_policy_loads_total{result="loaded"}')) === 2);
    const transaction = aTransaction();
    await bench.produce([{ key: transaction.card_id, value: JSON.stringify(transaction) }]);
    await until(async () => (await bench.size(bench.decisions)) === 1);
    const [message] = await bench.read(bench.decisions);
    expect((JSON.parse(String(message!.value)) as Decision).decision).toBe('decline');
    await bench.close();
  });

  it('that is not valid stops a start, and every fault is named', async () => {
    await writeFile(file, 'thresholds: { step_up: 2 }\n');
    await expect(startApi({ POLICY_FILE: file })).rejects.toThrow(/thresholds\.step_up must be <= 1/);
  });
});
