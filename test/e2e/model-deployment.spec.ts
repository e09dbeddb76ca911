import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Decision } from '@fraud/contract';
import { runCli } from '../support/cli.js';
import { writeModelVariant } from '../support/model-variant.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { startS3, type S3 } from '../support/s3.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const DATABASE = 17;
const CARDS = 200;

let scratch: string;
let s3: S3;
let redisUrl: string;
// The first start prepares a Python environment.
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'deployment-'));
  s3 = await startS3();
  redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
}, 300_000);
afterAll(async () => {
  await s3.stop();
  await rm(scratch, { recursive: true, force: true });
});

interface Described {
  readonly active: { version: string; source: string } | null;
  readonly shadow: { comparison: { compared: number; agreed: number } } | null;
  readonly rollout: { counts: { decisions: number } } | null;
}

const describeOf = async ({ url }: ProductProcess): Promise<Described> =>
  (await (await fetch(`${url}/v1/models`)).json()) as Described;

async function decide({ url }: ProductProcess, card: number): Promise<Decision> {
  const answer = await post(`${url}/v1/decisions`, aTransaction({ card_id: `card-${card}` }));
  return (await answer.json()) as Decision;
}

/** As the Deployment starts its pods: all of them by the same settings, each with a disk of its own. */
async function pods(settings: Record<string, string>): Promise<{
  all: readonly ProductProcess[];
  stop(): Promise<void>;
}> {
  const all = await Promise.all(
    ['a', 'b'].map((name) =>
      startApi({
        ...s3.env,
        MODEL_URI: 's3://fraud-models',
        MODEL_CACHE_DIR: path.join(scratch, name),
        REDIS_URL: redisUrl,
        REDIS_TIMEOUT_MS: '1000',
        LATENCY_BUDGET_MS: '10000',
        ...settings,
      }),
    ),
  );
  return {
    all,
    stop: async () => {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}

describe('a new model', () => {
  it('is uploaded, verified, shadowed, given a tenth of the cards, then all of them by MODEL_VERSION, and taken back', async () => {
    await s3.sh('aws s3 cp models/ s3://fraud-models/v1.2.0/ --recursive');
    const candidate = path.join(scratch, 'v1.3.0');
    await writeModelVariant(candidate, '1.3.0', 0.5);
    await s3.sh(`aws s3 cp ${candidate}/ s3://fraud-models/v1.3.0/ --recursive`);
    const verified = await runCli(['models', 'verify', 's3://fraud-models/v1.3.0'], {
      ...s3.env,
      MODEL_CACHE_DIR: path.join(scratch, 'verified'),
    });
    expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('golden')]);

    const shadowed = await pods({ MODEL_VERSION: 'v1.2.0', MODEL_SHADOW_VERSION: 'v1.3.0' });
    for (let i = 0; i < 20; i++) expect((await decide(shadowed.all[0]!, i)).arm).toBeUndefined();
    await until(async () => (await describeOf(shadowed.all[0]!)).shadow?.comparison.compared === 20);
    await shadowed.stop();

    const partly = await pods({ MODEL_VERSION: 'v1.2.0', MODEL_ROLLOUT: 'v1.3.0:10' });
    const used: string[] = [];
    for (let i = 0; i < CARDS; i++) used.push((await decide(partly.all[i % 2]!, i)).versions.model);
    const tenth = used.filter((version) => version === '1.3.0').length;
    expect(tenth).toBeGreaterThan(CARDS * 0.03);
    expect(tenth).toBeLessThan(CARDS * 0.2);
    await until(async () => (await describeOf(partly.all[0]!)).rollout?.counts.decisions === tenth);
    await partly.stop();

    const whole = await pods({ MODEL_VERSION: 'v1.3.0' });
    expect((await describeOf(whole.all[0]!)).active).toMatchObject({ version: 'v1.3.0', source: 's3' });
    expect((await decide(whole.all[1]!, 0)).versions.model).toBe('1.3.0');
    await whole.stop();

    const back = await pods({ MODEL_VERSION: 'v1.2.0' });
    expect((await decide(back.all[0]!, 0)).versions.model).not.toBe('1.3.0');
    await back.stop();
  });

  it('is activated and rolled back by an administrator, where no MODEL_VERSION is set', async () => {
    const running = await pods({});
    const [one, other] = running.all as [ProductProcess, ProductProcess];
    // No version was chosen yet.
    const unready = await fetch(`${one.url}/ready`);
    expect([unready.status, await unready.json()]).toMatchObject([
      503,
      { checks: { model: { code: 'not_found', message: expect.stringContaining('v1.3.0') as string } } },
    ]);
    const activate = (version: string): Promise<Response> =>
      post(`${one.url}/v1/models/activate`, { version });
    const versions = async (): Promise<(string | undefined)[]> =>
      await Promise.all(running.all.map(async (pod) => (await describeOf(pod)).active?.version));
    for (const version of ['v1.2.0', 'v1.3.0']) {
      expect((await activate(version)).status).toBe(200);
      await until(async () => (await versions()).every((active) => active === version));
    }
    expect((await fetch(`${other.url}/ready`)).status).toBe(200);
    expect((await post(`${other.url}/v1/models/rollback`, {})).status).toBe(200);
    await until(async () => (await versions()).every((active) => active === 'v1.2.0'));
    await running.stop();
  });
});
