import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
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
const DATABASE = 32;

let directory: string;
let file: string;
const running: ProductProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'rules-'));
  file = path.join(directory, 'rules.yaml');
});
beforeEach(() => writeFile(file, rulesOf()));
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(() => rm(directory, { recursive: true }));

const started = async (one: Promise<ProductProcess>): Promise<ProductProcess> => {
  running.push(await one);
  return running.at(-1)!;
};

/** A file with some rules, which hit by the amount alone. */
function rulesOf(...rules: { id: string; above: number; action: string; mode?: string }[]): string {
  if (rules.length === 0) return 'rules: []\n';
  const texts = rules.map(
    ({ id, above, action, mode = 'live' }) => `  - id: ${id}
    when: transaction.amount > ${above}
    action: ${action}
    reason: large_amount
    sentence: More than this shop ever sells
    mode: ${mode}
`,
  );
  return `rules:\n${texts.join('')}`;
}

const decide = async ({ url }: ProductProcess, more = {}): Promise<Decision> =>
  (await (await post(`${url}/v1/decisions`, aTransaction({ amount: 1_000, ...more }))).json()) as Decision;

const metric = async ({ url }: ProductProcess, name: string): Promise<number | undefined> =>
  sample(await (await fetch(`${url}/metrics`)).text(), name);

interface Shown {
  readonly version: string;
  readonly rules: readonly { readonly id: string; readonly mode: string }[];
  readonly refused: { readonly message: string } | null;
}
const rulesAt = async ({ url }: ProductProcess): Promise<Shown> =>
  (await (await fetch(`${url}/v1/rules`)).json()) as Shown;

describe('rules.yaml', () => {
  it('decides within two seconds of its change, under its own version, and both versions can be repeated', async () => {
    const env = {
      RULES_FILE: file,
      REDIS_URL: await emptyDatabase(inject('redisUrl'), DATABASE),
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'rules_e2e'),
      ...PATIENT,
    };
    const api = await started(startApi(env));
    const before = await decide(api);
    expect([before.decision, before.source, before.rules]).toEqual(['approve', 'model', undefined]);
    await writeFile(
      file,
      rulesOf(
        { id: 'large', above: 500, action: 'review' },
        { id: 'draft', above: 1, action: 'decline', mode: 'shadow' },
      ),
    );
    const changedAt = performance.now();
    await until(async () => (await decide(api)).decision === 'review');
    expect(performance.now() - changedAt).toBeLessThan(2000);
    const after = await decide(api);
    expect(after).toMatchObject({ source: 'rules', rules: ['large'], shadow_rules: ['draft'] });
    expect(after.reasons[0]).toEqual({ code: 'rule.large_amount', text: 'More than this shop ever sells' });
    expect(after.versions.rules).not.toBe(before.versions.rules);
    expect(await rulesAt(api)).toMatchObject({
      version: after.versions.rules,
      rules: [
        { id: 'large', mode: 'live' },
        { id: 'draft', mode: 'shadow' },
      ],
      refused: null,
    });
    expect(await metric(api, `fraud_rules_info{version="${after.versions.rules}"}`)).toBe(1);
    expect(await metric(api, 'fraud_rule_hits_total{rule="large",mode="live"}')).toBeGreaterThan(0);
    expect(await metric(api, 'fraud_rule_hits_total{rule="draft",mode="shadow"}')).toBeGreaterThan(0);
    for (const { decision_id } of [before, after]) {
      await until(async () => (await fetch(`${api.url}/v1/decisions/${decision_id}`)).status === 200);
      const run = await runCli(['reproduce', decision_id, '--json'], env);
      expect(JSON.parse(run.output)).toMatchObject({ fromVector: { identical: true, differs: [] } });
    }
  });

  it('that is not valid changes nothing, and says why and where in log, metric and answer', async () => {
    await writeFile(file, rulesOf({ id: 'large', above: 500, action: 'review' }));
    const api = await started(startApi({ RULES_FILE: file }));
    const before = await decide(api);
    await writeFile(
      file,
      rulesOf({ id: 'large', above: 500, action: 'decline' }).replace(
        'transaction.amount',
        'transaction.amuont',
      ),
    );
    await until(async () => (await metric(api, 'fraud_rules_rejected')) === 1);
    const { refused } = await rulesAt(api);
    expect(refused!.message).toContain('rules.yaml:3:23: a transaction has no amuont; did you mean amount?');
    expect(api.output()).toMatch(/rules refused, [0-9a-f]{12} stay in force: .*rules\.yaml is not valid/);
    const still = await decide(api);
    expect([still.decision, still.versions.rules]).toEqual(['review', before.versions.rules]);
    expect(await metric(api, 'fraud_rules_loads_total{result="refused"}')).toBe(1);
    await writeFile(file, rulesOf({ id: 'large', above: 500, action: 'decline' }));
    await until(async () => (await decide(api)).decision === 'decline');
    expect(await metric(api, 'fraud_rules_rejected')).toBe(0);
  });

  it('is followed where it is swapped as a ConfigMap is: by a link to another directory', async () => {
    const mount = await mkdtemp(path.join(directory, 'mount-'));
    const put = async (name: string, text: string): Promise<void> => {
      await mkdir(path.join(mount, name));
      await writeFile(path.join(mount, name, 'rules.yaml'), text);
      await symlink(name, path.join(mount, '..data_tmp'));
      await rename(path.join(mount, '..data_tmp'), path.join(mount, '..data'));
    };
    await put('..1', rulesOf());
    await symlink(path.join('..data', 'rules.yaml'), path.join(mount, 'rules.yaml'));
    const api = await started(startApi({ RULES_FILE: path.join(mount, 'rules.yaml') }));
    expect((await decide(api)).decision).toBe('approve');
    await put('..2', rulesOf({ id: 'large', above: 500, action: 'decline' }));
    await until(async () => (await decide(api)).decision === 'decline');
  });

  it('decides at the consumer, too', async () => {
    await writeFile(file, rulesOf({ id: 'large', above: 500, action: 'decline' }));
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
    await started(
      startConsumer({
        ...bench.env,
        RULES_FILE: file,
        REDIS_URL: await emptyDatabase(inject('redisUrl'), DATABASE),
      }),
    );
    const transaction = aTransaction({ amount: 1_000 });
    await bench.produce([{ key: transaction.card_id, value: JSON.stringify(transaction) }]);
    await until(async () => (await bench.size(bench.decisions)) === 1);
    const [message] = await bench.read(bench.decisions);
    expect(JSON.parse(String(message!.value))).toMatchObject({
      decision: 'decline',
      source: 'rules',
      rules: ['large'],
    });
    await bench.close();
  });

  it('that is not valid stops a start, and every fault is named with its place', async () => {
    await writeFile(file, rulesOf({ id: 'large', above: 500, action: 'block' }));
    await expect(startApi({ RULES_FILE: file })).rejects.toThrow(
      /rules\.yaml:4:13: action must be equal to one of the allowed values: approve, step_up, review, decline/,
    );
  });

  it('shipped with the product is valid', async () => {
    expect(await readFile('config/rules.yaml', 'utf8')).toContain('rules:');
    const api = await started(startApi({}));
    expect(await rulesAt(api)).toMatchObject({ refused: null });
  });
});

describe('npm run rules', () => {
  it('test runs the tests of a file, and points at what is wrong', async () => {
    const shipped = await runCli(['rules', 'test'], {});
    expect(shipped.code).toBe(0);
    expect(shipped.output).toMatch(/rules\.yaml: \d+ rules, \d+ tests passed, version [0-9a-f]{12}\n/);
    await writeFile(file, rulesOf({ id: 'large', above: 500, action: 'review' }).replace('amount', 'amuont'));
    const refused = await runCli(['rules', 'test', file], {});
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('rules.yaml:3:23: a transaction has no amuont; did you mean amount?');
  });

  it('check says what rules would have hit and changed, of recorded decisions and their labels', async () => {
    const env = {
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'rules_check_e2e'),
      REDIS_URL: await emptyDatabase(inject('redisUrl'), DATABASE),
      RULES_FILE: file,
      ...PATIENT,
    };
    const api = await started(startApi(env));
    const amounts = [100, 600, 700, 800];
    const decided: Decision[] = [];
    for (const amount of amounts) decided.push(await decide(api, { amount }));
    const labelled_at = new Date().toISOString();
    await post(`${api.url}/v1/labels`, {
      labels: [
        { transaction_id: decided[1]!.transaction_id, label: 'fraud', source: 'chargeback', labelled_at },
        { transaction_id: decided[2]!.transaction_id, label: 'legitimate', source: 'customer', labelled_at },
      ],
    });
    await writeFile(
      file,
      rulesOf(
        { id: 'large', above: 500, action: 'decline' },
        { id: 'larger', above: 700, action: 'review' },
        { id: 'all', above: 1, action: 'decline', mode: 'shadow' },
      ),
    );
    const checked = (): Promise<{ code: number; output: string }> =>
      runCli(['rules', 'check', file, '--json'], env);
    await until(async () => {
      const { code, output } = await checked();
      const { decisions, labelled } = JSON.parse(code === 0 ? output : '{}') as Record<string, number>;
      return decisions === amounts.length && labelled === 2;
    });
    expect(JSON.parse((await checked()).output)).toMatchObject({
      frauds: 1,
      rules: [
        { id: 'large', hits: 3, frauds: 1, legitimate: 1, money: 2_100, overlaps: { id: 'all', hits: 3 } },
        { id: 'larger', hits: 1, frauds: 0, money: 800 },
        { id: 'all', hits: 4, alone: 1 },
      ],
      changed: [{ from: 'approve', to: 'decline', count: 3 }],
      new_declines: { hits: 3, legitimate: 1 },
      newly_stopped_frauds: { hits: 1, money: 600 },
    });
    const { output } = await runCli(['rules', 'check', file], env);
    expect(output).toContain('4 recorded decisions, 2 with a label, 1 of them frauds');
    expect(output).toContain('New declines: 3 (21), of which 1 are known as good customers');
  });
});
