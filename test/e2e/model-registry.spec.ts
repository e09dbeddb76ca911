import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision } from '@fraud/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY, runNode } from '../support/cli.js';
import { SHIPPED, writeModel } from '../support/model-directory.js';
import { startApi } from '../support/product-process.js';
import { startS3, type S3 } from '../support/s3.js';
import { aTransaction, post } from '../support/transactions.js';
import { until } from '../support/until.js';

const MEGABYTE = 1024 * 1024;

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'model-registry-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('a model in S3', () => {
  let s3: S3;
  // The first start prepares a Python environment.
  beforeAll(async () => {
    s3 = await startS3();
  }, 300_000);
  afterAll(() => s3.stop());

  const settings = (version: string): Record<string, string> => ({
    ...s3.env,
    MODEL_URI: 's3://fraud-models',
    MODEL_VERSION: version,
    MODEL_CACHE_DIR: path.join(scratch, 'cache'),
  });

  /** The model's version in the answer to one transaction. */
  async function versionThatDecides(env: Record<string, string>): Promise<unknown> {
    const api = await startApi(env);
    try {
      const answer = await post(`${api.url}/v1/decisions`, aTransaction());
      const { source, versions } = (await answer.json()) as { source: string; versions: { model: string } };
      expect(source).toBe('model');
      return versions.model;
    } finally {
      await api.stop();
    }
  }

  it("decides after the runbook's upload, after a restart while S3 is down too; another version has to wait for S3, and says so", async () => {
    await s3.sh('aws s3 cp models/ s3://fraud-models/v1.2.0/ --recursive');
    const other = path.join(scratch, 'other');
    await writeModel(other, { manifest: (m) => (m.version = 'another') });
    await s3.sh(`aws s3 cp ${other}/ s3://fraud-models/v1.3.0/ --recursive`);
    const shipped = await versionThatDecides({ MODEL_URI: SHIPPED });
    expect(await versionThatDecides(settings('v1.2.0'))).toBe(shipped);

    await s3.node.kill();
    expect(await versionThatDecides(settings('v1.2.0'))).toBe(shipped);
    const waiting = await startApi(settings('v1.3.0'));
    const ready = async (): Promise<Response> => await fetch(`${waiting.url}/ready`);
    const answer = await ready();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      checks: {
        model: {
          status: 'down',
          code: 'registry_unavailable',
          message: expect.stringMatching(/s3:\/\/fraud-models\/v1\.3\.0\/.*ECONNREFUSED/) as string,
        },
      },
    });
    // Who asks even so gets an answer that says what it is.
    const decided = await post(`${waiting.url}/v1/decisions`, aTransaction());
    expect(await decided.json()).toMatchObject({
      decision: 'review',
      source: 'fallback',
      degraded: ['model_unavailable'],
    });

    await s3.node.start();
    await s3.sh('aws s3 mb s3://fraud-models');
    await s3.sh(`aws s3 cp ${other}/ s3://fraud-models/v1.3.0/ --recursive`);
    await until(async () => (await ready()).status === 200);
    const whole = (await (await post(`${waiting.url}/v1/decisions`, aTransaction())).json()) as Decision;
    expect([whole.source, whole.versions.model]).toEqual(['model', 'another']);
    await waiting.stop();
  }, 120_000);
});

describe('a model that was released', () => {
  it('leaves its memory behind, and so does one that was refused after it was loaded: 60 times of each stay below 48 MB', async () => {
    const broken = path.join(scratch, 'broken');
    await writeModel(broken, { manifest: (m) => (m.bias += 0.001) });
    const { code, output } = await runNode(
      ['--expose-gc', 'test/support/model-cycles.mjs', path.join(REPOSITORY, 'dist'), SHIPPED, broken],
      {},
      REPOSITORY,
    );
    if (code !== 0) throw new Error(output);
    const { refused, grownBytes } = JSON.parse(output) as { refused: number; grownBytes: number };
    expect(refused).toBe(60);
    expect(grownBytes).toBeLessThan(48 * MEGABYTE);
  });
});
