import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, Problem } from '@fraud/contract';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { KafkaBench } from '../support/kafka.js';
import { writeModelVariant } from '../support/model-variant.js';
import { startApi, startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, post, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const DATABASE = 16;
/** Log-odds that lift any score above all thresholds. */
const DECLINES_ALL = 12;

let models: string;
let redisUrl: string;
const running: ProductProcess[] = [];

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'models-'));
  await writeModelVariant(models, 'v1');
  await writeModelVariant(path.join(models, 'v1'), 'v1');
  await writeModelVariant(path.join(models, 'v2'), 'v2', 0.5);
  await writeModelVariant(path.join(models, 'v3'), 'v3', DECLINES_ALL);
});
afterAll(() => rm(models, { recursive: true }));
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

/** An instance of an installation with its own Redis database. */
async function instance(more: Record<string, string> = {}): Promise<ProductProcess> {
  const patient = { REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '10000' };
  const api = await startApi({ MODEL_URI: models, REDIS_URL: redisUrl, ...patient, ...more });
  running.push(api);
  return api;
}

const anew = async (): Promise<void> => {
  redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
};

interface Described {
  readonly active: { version: string; manifest_version: string } | null;
  readonly shadow: { version: string; comparison: { compared: number; agreed: number } | null } | null;
  readonly rollout: {
    candidate: { version: string } | null;
    counts: { decisions: number; declines: number };
    stopped: { reason: string } | null;
  } | null;
  readonly desired: { revision: number; active: string | null; previous: string | null };
  readonly loads: { version: string | null; refused: { code: string } | null }[];
}

const describeOf = async ({ url }: ProductProcess): Promise<Described> =>
  (await (await fetch(`${url}/v1/models`)).json()) as Described;

const decide = async ({ url }: ProductProcess, more = {}): Promise<Decision> =>
  (await (await post(`${url}/v1/decisions`, aTransaction(more))).json()) as Decision;

const metricsOf = async ({ url }: ProductProcess): Promise<string> => (await fetch(`${url}/metrics`)).text();

const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem;

describe('an administrator', () => {
  it('changes the model of all instances, HTTP and Kafka, within two seconds, and takes it back', async () => {
    await anew();
    const one = await instance();
    const other = await instance();
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
    const consumer = await startConsumer({ ...bench.env, MODEL_URI: models, REDIS_URL: redisUrl });
    running.push(consumer);
    expect((await decide(other)).versions.model).toBe('v1');

    const response = await post(`${one.url}/v1/models/activate`, { version: 'v2' });
    const changedAt = performance.now();
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      active: { version: 'v2' },
      desired: { active: 'v2', previous: 'v1' },
    });
    expect((await decide(one)).versions.model).toBe('v2');
    const followed = async (): Promise<boolean> =>
      (await describeOf(other)).active?.version === 'v2' &&
      /fraud_model_info\{role="active",version="v2"/.test(await metricsOf(consumer));
    await until(followed, 20);
    expect(performance.now() - changedAt).toBeLessThan(2000);
    expect((await decide(other)).versions.model).toBe('v2');

    expect((await post(`${other.url}/v1/models/rollback`, {})).status).toBe(200);
    await until(async () => (await describeOf(one)).active?.version === 'v1', 20);
    await bench.close();
  });

  it('finds the choice again after a restart of everything but Redis; MODEL_VERSION wins over it', async () => {
    await anew();
    const one = await instance();
    expect((await post(`${one.url}/v1/models/activate`, { version: 'v2' })).status).toBe(200);
    await one.stop();
    expect((await decide(await instance())).versions.model).toBe('v2');

    const two = await instance({ MODEL_VERSION: 'v1' });
    const pinned = await post(`${two.url}/v1/models/activate`, { version: 'v2' });
    expect([pinned.status, (await problemOf(pinned)).code]).toEqual([409, 'model_set_by_environment']);
    expect((await decide(two)).versions.model).toBe('v1');
  });

  it('is told why a model is refused, and the old one goes on', async () => {
    await anew();
    const one = await instance({ MODEL_URI: path.join(models, 'v1') });
    const refused = await post(`${one.url}/v1/models/activate`, { version: 'v9' });
    expect(refused.status).toBe(422);
    expect(await problemOf(refused)).toMatchObject({
      code: 'model_refused',
      errors: [{ field: 'version', code: expect.stringMatching(/^[a-z_]+$/) }],
    });
    for (const version of [undefined, 7, '', '../v1', 'a/b']) {
      const invalid = await post(`${one.url}/v1/models/activate`, { version });
      expect([invalid.status, (await problemOf(invalid)).errors?.[0]?.field]).toEqual([400, 'version']);
    }
    const nothing = await post(`${one.url}/v1/models/rollback`, {});
    expect([nothing.status, (await problemOf(nothing)).code]).toEqual([409, 'nothing_to_roll_back']);
    expect((await decide(one)).versions.model).toBe('v1');
    expect(sample(await metricsOf(one), 'fraud_errors_total{code="model_refused"}')).toBe(1);
  });

  it('finds in the metrics and the log what was loaded and refused before the instance answered', async () => {
    await anew();
    const one = await instance({ MODEL_VERSION: 'v1', MODEL_SHADOW_VERSION: 'v404' });
    const loads = [...(await metricsOf(one)).matchAll(/^fraud_model_loads_total\{result="(\w+)"\} [1-9]/gm)];
    expect(loads.map(([, result]) => result)).toEqual(['loaded', 'version_mismatch']);
    expect(one.output()).toMatch(/model v1 \(active\) loaded in \d+ ms/);
    expect(one.output()).toContain('model v404 (shadow) refused, version_mismatch');
  });

  it('needs the token where there is one, and has no routes where everyone could come', async () => {
    const token = 'a-secret-of-the-administrator';
    const own = await startApi({ ADMIN_TOKEN: token, HOST: '0.0.0.0' });
    running.push(own);
    const url = own.url.replace('0.0.0.0', '127.0.0.1');
    const load = (authorization?: string): Promise<Response> =>
      fetch(`${url}/v1/models/rollback`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: '{}',
      });
    const without = await load();
    expect([without.status, (await problemOf(without)).code]).toEqual([401, 'unauthorized']);
    expect((await load(`Bearer ${token}`)).status).toBe(409);
    expect(own.output()).not.toContain(token);

    const open = await startApi({ HOST: '0.0.0.0' });
    running.push(open);
    const nowhere = await post(`${open.url.replace('0.0.0.0', '127.0.0.1')}/v1/models/rollback`, {});
    expect(nowhere.status).toBe(404);
  });

  it('changes nothing while the change cannot be shared', async () => {
    const alone = await startApi({ MODEL_URI: path.join(models, 'v1'), REDIS_URL: 'redis://127.0.0.1:1' });
    running.push(alone);
    const response = await post(`${alone.url}/v1/models/load`, { version: 'v1' });
    expect([response.status, (await problemOf(response)).code]).toEqual([503, 'control_unavailable']);
    expect((await describeOf(alone)).desired.revision).toBe(0);
  });
});

describe('a shadow', () => {
  it('scores every transaction behind its answer, is compared and written down, and decides nothing', async () => {
    await anew();
    const data = path.join(models, 'data');
    const one = await instance({ MODEL_VERSION: 'v1', MODEL_SHADOW_VERSION: 'v3', DATA_DIR: data });
    const answers: Decision[] = [];
    for (let i = 0; i < 50; i++) {
      const decision = await decide(one);
      answers.push(decision);
      expect([decision.versions.model, decision.arm]).toEqual(['v1', undefined]);
    }
    await until(async () => (await describeOf(one)).shadow?.comparison?.compared === 50, 20);
    expect((await describeOf(one)).shadow).toMatchObject({ version: 'v3', comparison: { agreed: 0 } });
    const metrics = await metricsOf(one);
    expect(sample(metrics, 'fraud_shadow_decisions_total{decision="approve",shadow="decline"}')).toBe(50);
    expect(sample(metrics, 'fraud_shadow_score_difference_count')).toBe(50);
    await one.stop();
    const written = (await readFile(path.join(data, 'shadow/v3.ndjson'), 'utf8')).trimEnd().split('\n');
    expect(written.map((line) => JSON.parse(line) as object)).toEqual(
      answers.map(({ transaction_id, decided_at, decision, score }) => ({
        transaction_id,
        decided_at,
        model: 'v1',
        decision,
        score,
        shadow_model: 'v3',
        shadow_decision: 'decline',
        shadow_score: expect.any(Number) as number,
      })),
    );
  });
});

describe('a rollout', () => {
  it('gives the same share of the cards to the new model on every instance', async () => {
    await anew();
    const settings = { MODEL_VERSION: 'v1', MODEL_ROLLOUT: 'v2:30' };
    const both = [await instance(settings), await instance(settings)];
    const cards = Array.from({ length: 60 }, (_, i) => `card-${i}`);
    const arms = await Promise.all(
      both.map(async (one) => {
        const found: [string | undefined, string][] = [];
        for (const card_id of cards) {
          const { arm, versions } = await decide(one, { card_id });
          found.push([arm, versions.model]);
        }
        return found;
      }),
    );
    expect(arms[0]).toEqual(arms[1]);
    for (const [arm, model] of arms[0]!) expect(model).toBe(arm === 'candidate' ? 'v2' : 'v1');
    const theirs = arms[0]!.filter(([arm]) => arm === 'candidate').length;
    expect(theirs).toBeGreaterThan(6);
    expect(theirs).toBeLessThan(34);
  });

  it('that declines too much ends by itself for all instances, and stays ended', async () => {
    await anew();
    const settings = { MODEL_VERSION: 'v1', MODEL_ROLLOUT: 'v3:50' };
    const [one, other] = [await instance(settings), await instance(settings)];
    const arms = new Set<string | undefined>();
    // As many on each that neither alone has enough decisions of the candidate to be judged by.
    for (let i = 0; i < 300; i++) arms.add((await decide(i % 2 === 0 ? one : other)).arm);
    expect(arms).toEqual(new Set(['control', 'candidate']));
    for (let i = 0; i < 400; i++) await decide(i % 2 === 0 ? one : other);
    const ended = async (api: ProductProcess): Promise<boolean> =>
      (await describeOf(api)).rollout?.candidate === null;
    await until(async () => (await ended(one)) && (await ended(other)), 50);
    expect((await describeOf(other)).rollout?.stopped?.reason).toMatch(/declined/);
    for (let i = 0; i < 20; i++) expect((await decide(i % 2 === 0 ? one : other)).arm).toBeUndefined();
    const later = await instance(settings);
    expect((await describeOf(later)).rollout).toMatchObject({ candidate: null });
    const stopped = await Promise.all(
      [one, other].map(async (api) => sample(await metricsOf(api), 'fraud_rollouts_stopped_total')),
    );
    expect(stopped.reduce((sum = 0, n = 0) => sum + n, 0)).toBe(1);
  });
});
