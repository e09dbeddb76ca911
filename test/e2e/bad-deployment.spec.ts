import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision } from '@fraud/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { writeModelVariant } from '../support/model-variant.js';
import { runToEnd, startApi, type ProductProcess } from '../support/product-process.js';
import { startS3, type S3 } from '../support/s3.js';
import { decideSteadily, type SteadyDecisions } from '../support/steady-decisions.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const REGISTRY = 's3://fraud-models';
/** The model that the first instance runs, which no other has. */
const GOOD = '200 model good';

let scratch: string;
let s3: S3;
// The first start prepares a Python environment.
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'bad-deployment-'));
  s3 = await startS3();
}, 300_000);
afterAll(async () => {
  await s3.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** Uploads a model that no other test has, by the runbook's command. */
async function upload(folder: string, version: string): Promise<void> {
  const directory = path.join(scratch, version);
  await writeModelVariant(directory, version, 0.1);
  await s3.sh(`aws s3 cp ${directory}/ ${REGISTRY}/${folder}/ --recursive`);
}

/** What a pod has in its environment by model-config, and a disk of its own. */
async function podOf(version: string): Promise<Record<string, string>> {
  const cache = await mkdtemp(path.join(scratch, 'cache-'));
  return {
    ...s3.env,
    MODEL_URI: REGISTRY,
    MODEL_VERSION: version,
    MODEL_CACHE_DIR: cache,
    // Others that start beside it are no reason for a late answer here.
    LATENCY_BUDGET_MS: '10000',
  };
}

/** Starts a pod that has to end by itself. @returns what `kubectl logs --previous` shows last, and whether a probe found it ready */
async function refusedPod(
  version: string,
  app: 'api' | 'consumer' = 'api',
): Promise<{ code: number | null; lastLine: unknown; readied: boolean }> {
  const port = String(await freePort());
  const ended = runToEnd(app, {
    ...(await podOf(version)),
    LOG_FORMAT: 'json',
    PORT: port,
    CONSUMER_PORT: port,
    KAFKA_BROKERS: inject('kafkaBrokers'),
    FEATURE_STORE: 'memory',
  });
  let running = true;
  let readied = false;
  const probing = until(async () => {
    readied ||= await fetch(`http://127.0.0.1:${port}/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
    return !running;
  });
  const { code, output } = await ended;
  running = false;
  await probing;
  return { code, lastLine: JSON.parse(output.trim().split('\n').at(-1)!), readied };
}

const says = (reason: string, message: RegExp): unknown =>
  expect.objectContaining({
    level: 'fatal',
    message: expect.stringMatching(
      new RegExp(`does not start, the model was refused \\(${reason}\\): .*${message.source}`),
    ) as string,
  });

describe('a deployment of a model from S3, while an instance decides', () => {
  let first: ProductProcess;
  let decisions: SteadyDecisions;
  let others: ProductProcess[];
  beforeEach(async () => {
    others = [];
    await upload('v1.1.0', 'good');
    first = await startApi(await podOf('v1.1.0'));
    decisions = decideSteadily(first.url);
  });
  afterEach(async () => {
    await decisions.stop();
    await Promise.all([first, ...others].map((pod) => pod.stop()));
    await s3.sh(`aws s3 rm ${REGISTRY} --recursive`);
  });

  const start = async (version: string): Promise<ProductProcess> => {
    const pod = await startApi(await podOf(version));
    others.push(pod);
    return pod;
  };
  const modelOf = async ({ url }: ProductProcess): Promise<string> => {
    const answer = await post(`${url}/v1/decisions`, aTransaction());
    const { source, versions } = (await answer.json()) as Decision;
    return `${answer.status} ${source} ${versions.model}`;
  };
  const readiness = async ({ url }: ProductProcess): Promise<[number, string]> => {
    const answer = await fetch(`${url}/ready`);
    return [answer.status, await answer.text()];
  };
  /** Nothing but full decisions by its own model, all the time. */
  const onlyGood = { [GOOD]: expect.any(Number) as number };

  it('ends with its reason as the last line where the version is missing, damaged, or half there, and is never ready; MODEL_VERSION back starts', async () => {
    const missing = await refusedPod('v9.9.9');
    expect(missing).toEqual({
      code: 1,
      readied: false,
      lastLine: says('not_found', /v9\.9\.9\/; MODEL_VERSION can be v1\.1\.0/),
    });

    await upload('v1.2.0', 'damaged');
    await s3.sh(
      `aws s3 cp ${REGISTRY}/v1.2.0/model.onnx ${scratch}/x.onnx && printf X | dd of=${scratch}/x.onnx bs=1 seek=5000 conv=notrunc 2>&1 && aws s3 cp ${scratch}/x.onnx ${REGISTRY}/v1.2.0/model.onnx`,
    );
    const damaged = says('hash_mismatch', /v1\.2\.0\/model\.onnx of s3:\/\/fraud-models has sha256/);
    for (const app of ['api', 'consumer'] as const)
      expect(await refusedPod('v1.2.0', app)).toEqual({ code: 1, readied: false, lastLine: damaged });

    await s3.sh(`aws s3 rm ${REGISTRY}/v1.2.0/model.onnx`);
    expect(await refusedPod('v1.2.0')).toEqual({
      code: 1,
      readied: false,
      lastLine: says('not_found', /has a manifest, but no v1\.2\.0\/model\.onnx/),
    });
    await s3.sh(`printf '{"format":' | aws s3 cp - ${REGISTRY}/v1.2.0/manifest.json`);
    expect(await refusedPod('v1.2.0')).toEqual({
      code: 1,
      readied: false,
      lastLine: says('manifest_invalid', /JSON/),
    });

    expect(await modelOf(await start('v1.1.0'))).toBe(GOOD);
    expect(await decisions.stop()).toEqual(onlyGood);
  }, 120_000);

  it("takes the model below the prefix that the runbook's command makes, and the first goes on with its own", async () => {
    await s3.sh('aws s3 cp models/ s3://fraud-models/v1.2.0/ --recursive');
    const second = await start('v1.2.0');
    expect((await readiness(second))[0]).toBe(200);
    expect(await modelOf(second)).toMatch(/^200 model \d+\.\d+\.\d+$/);
    expect(await decisions.stop()).toEqual(onlyGood);
  });

  it('goes on with a model that was deleted or damaged in S3 while it ran; one that starts then is refused', async () => {
    await s3.sh(`aws s3 rm ${REGISTRY}/v1.1.0/ --recursive`);
    expect(await refusedPod('v1.1.0')).toMatchObject({ code: 1, readied: false });
    await s3.sh(`printf X | aws s3 cp - ${REGISTRY}/v1.1.0/model.onnx`);
    expect(await refusedPod('v1.1.0')).toMatchObject({ code: 1, readied: false });
    expect(await readiness(first)).toEqual([200, expect.any(String)]);
    expect(await modelOf(first)).toBe(GOOD);
    expect(await decisions.stop()).toEqual(onlyGood);
  }, 60_000);

  it('goes on while S3 is away; one that starts then waits, says why, and is ready when its version is there', async () => {
    await s3.node.kill();
    const second = await start('v1.2.0');
    expect(await readiness(second)).toEqual([503, expect.stringContaining('registry_unavailable')]);
    // It comes back without what it had.
    await s3.node.start();
    await s3.sh('aws s3 mb s3://fraud-models');
    await until(async () => (await readiness(second))[1].includes('not_found'));
    expect((await readiness(second))[0]).toBe(503);
    await upload('v1.2.0', 'late');
    await until(async () => (await readiness(second))[0] === 200);
    expect(await modelOf(second)).toBe('200 model late');
    expect(await readiness(first)).toEqual([200, expect.any(String)]);
    expect(await decisions.stop()).toEqual(onlyGood);
  }, 120_000);
});
