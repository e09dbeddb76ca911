import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision } from '@fraud/contract';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { writeModelVariant } from '../support/model-variant.js';
import { emptyPostgres } from '../support/postgres-database.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const PATIENT = { REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '10000' };
/** Seconds instead of minutes, and with safe modes. */
const GUARD = `
guard:
  window_seconds: 10
  least_decisions: 100
  clears_after_seconds: 1
  declines: { times_baseline: 3, least_share: 0.02, safe_mode: review }
  unscored: { most_share: 0.01, safe_mode: decline }
`;

let directory: string;
let file: string;
let calm: string;
const running: ProductProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'guard-'));
  file = path.join(directory, 'policy.yaml');
  const shipped = await readFile('config/policy.yaml', 'utf8');
  calm = shipped.slice(0, shipped.indexOf('\nguard:')) + GUARD;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(() => rm(directory, { recursive: true }));

const started = async (env: Record<string, string>): Promise<ProductProcess> => {
  running.push(await startApi({ POLICY_FILE: file, ...PATIENT, ...env }));
  return running.at(-1)!;
};

const declinesAll = (): string =>
  calm.replaceAll(/(step_up|review|decline): 0\.\d+/g, (_, name: string) => `${name}: 0`);

async function decideMany({ url }: ProductProcess, count: number): Promise<Decision[]> {
  const transactions = Array.from({ length: count }, () => aTransaction());
  const answer = await post(`${url}/v1/decisions/batch`, { transactions });
  return ((await answer.json()) as { decisions: Decision[] }).decisions;
}

const metric = async ({ url }: ProductProcess, name: string): Promise<number | undefined> =>
  sample(await (await fetch(`${url}/metrics`)).text(), name);
const tripped = (api: ProductProcess, side: string): Promise<number | undefined> =>
  metric(api, `fraud_guard_tripped{side="${side}"}`);

describe('the guard', () => {
  it('trips on both instances when far more is declined than usual; reviews instead, says so, and clears', async () => {
    await writeFile(file, calm);
    const env = {
      REDIS_URL: await emptyDatabase(inject('redisUrl'), 51),
      DATABASE_URL: await emptyPostgres(inject('postgresUrl'), 'guard_e2e'),
    };
    const [one, other] = [await started(env), await started(env)];
    // What is usual has to be known first.
    for (let i = 0; i < 4; i++) await decideMany(i % 2 === 0 ? one : other, 400);
    await until(async () => {
      await decideMany(one, 5);
      return (await metric(other, 'fraud_guard_bound{side="declines"}')) !== undefined;
    });
    expect(await tripped(one, 'declines')).toBe(0);

    await writeFile(file, declinesAll());
    await until(async () => (await decideMany(one, 20)).every(({ decision }) => decision === 'decline'));
    await decideMany(one, 200);
    for (const instance of [one, other]) await until(async () => (await tripped(instance, 'declines')) === 1);
    expect(one.output()).toMatch(/are declined, above .*: the guard has tripped \(declines\)/);
    const transaction = aTransaction();
    const reviewed = (await (await post(`${other.url}/v1/decisions`, transaction)).json()) as Decision;
    expect(reviewed).toMatchObject({
      decision: 'review',
      source: 'model',
      guard: 'declines',
      reasons: [{ code: 'guard.declines' }, ...reviewed.reasons.slice(1)],
    });
    // A repeat gets what it got, also from the other one; and it can be repeated.
    const again = await post(`${one.url}/v1/decisions`, transaction);
    expect(await again.json()).toEqual(reviewed);
    await until(async () => (await fetch(`${one.url}/v1/decisions/${reviewed.decision_id}`)).status === 200);
    const run = await runCli(['reproduce', reviewed.decision_id, '--json'], env);
    expect(JSON.parse(run.output)).toMatchObject({ fromVector: { identical: true } });

    await writeFile(file, calm);
    await until(async () => {
      await decideMany(one, 50);
      return (await tripped(one, 'declines')) === 0 && (await tripped(other, 'declines')) === 0;
    }, 500);
    expect((await decideMany(one, 1))[0]).not.toHaveProperty('guard');
    expect(one.output()).toContain('the guard has cleared (declines)');
  }, 120_000);

  it('trips when too much has no score, and declines that then', async () => {
    await writeFile(file, calm);
    const models = await mkdtemp(path.join(directory, 'models-'));
    // There is a model, but nobody has chosen it.
    await writeModelVariant(path.join(models, 'v1'), 'v1');
    const api = await started({ MODEL_URI: models });
    const before = await decideMany(api, 200);
    expect(new Set(before.map((d) => `${d.source} ${d.decision}`))).toEqual(new Set(['fallback review']));
    await until(async () => (await tripped(api, 'unscored')) === 1);
    const [after] = await decideMany(api, 1);
    expect(after).toMatchObject({
      decision: 'decline',
      source: 'fallback',
      guard: 'unscored',
      degraded: ['model_unavailable'],
    });
  });

  it('tells of a bypass, and leaves it on', async () => {
    await writeFile(file, calm);
    const api = await started({ BYPASS_MODE: 'true' });
    await decideMany(api, 200);
    await until(async () => (await tripped(api, 'unscored')) === 1);
    expect((await decideMany(api, 1))[0]).toMatchObject({ decision: 'approve', source: 'bypass' });
  });

  it('goes on with its own counts while Redis is away, and changes nothing where the policy does not say so', async () => {
    await writeFile(file, calm.replaceAll(/safe_mode: (review|decline)/g, 'safe_mode: none'));
    const models = await mkdtemp(path.join(directory, 'models-'));
    await writeModelVariant(path.join(models, 'v1'), 'v1');
    const api = await started({ MODEL_URI: models, REDIS_URL: 'redis://127.0.0.1:1', REDIS_TIMEOUT_MS: '5' });
    await decideMany(api, 200);
    await until(async () => (await tripped(api, 'unscored')) === 1);
    const [decision] = await decideMany(api, 1);
    expect(decision).toMatchObject({ decision: 'review', source: 'fallback' });
    expect(decision).not.toHaveProperty('guard');
  });
});
