import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CATALOGUE_VERSION, FEATURE_NAMES, VECTOR_LENGTH } from '@fraud/features';
import {
  ModelRefused,
  openModelSource,
  type Model,
  type ModelSource,
  type ModelSourceSettings,
} from '@fraud/model';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { cuttingProxyTo } from '../support/cutting-proxy.js';
import { writeModel } from '../support/model-directory.js';
import { S3_CREDENTIALS, startS3, type S3 } from '../support/s3.js';

let s3: S3;
let scratch: string;
let cacheDirectory: string;
beforeAll(async () => {
  s3 = await startS3();
  scratch = await mkdtemp(path.join(tmpdir(), 's3-registry-'));
  await s3.sh('aws s3 cp models/ s3://fraud-models/v1.2.0/ --recursive');
  // The first start prepares a Python environment.
}, 300_000);
beforeEach(async () => {
  for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
  cacheDirectory = await mkdtemp(path.join(scratch, 'cache-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await s3.stop();
  await rm(scratch, { recursive: true, force: true });
});

const open = (settings: Partial<ModelSourceSettings> = {}): ModelSource =>
  openModelSource({
    uri: 's3://fraud-models',
    catalogue: { version: CATALOGUE_VERSION, features: FEATURE_NAMES },
    maxBytes: 64 * 1024 * 1024,
    cacheDirectory,
    timeoutMs: 30_000,
    endpoint: s3.url,
    region: undefined,
    ...settings,
  });

/** A source whose models are released as soon as they are loaded. */
const source = (
  settings: Partial<ModelSourceSettings> = {},
): { load(version?: string): Promise<Model>; versions(): Promise<readonly string[]> } => {
  const opened = open(settings);
  return {
    versions: () => opened.versions(),
    async load(version) {
      const model = await opened.load(version);
      await model.release();
      return model;
    },
  };
};

const refusalOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof ModelRefused ? error.reason : error),
  );

/** Uploads a variant of the shipped model. */
async function upload(to: string, variant: Parameters<typeof writeModel>[1] = {}): Promise<void> {
  const directory = await mkdtemp(path.join(scratch, 'upload-'));
  await writeModel(directory, variant);
  await s3.sh(`aws s3 cp ${directory} s3://fraud-models/${to} --recursive`);
}

const filesIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

describe('a registry in S3', () => {
  it("loads what the runbook's upload left, and the model scores", async () => {
    const opened = open();
    const model = await opened.load('v1.2.0');
    expect([model.source, model.deployedAs]).toEqual(['s3', 'v1.2.0']);
    expect((await model.run(new Float32Array(VECTOR_LENGTH), 1)).scores[0]).toBeGreaterThan(0);
    await model.release();
  });

  it('loads from a prefix, and what lies at the address itself', async () => {
    await upload('team/fraud/v7/', { manifest: (m) => (m.version = '7.0.0') });
    const inPrefix = source({ uri: 's3://fraud-models/team/fraud/' });
    expect((await inPrefix.load('v7')).manifest.version).toBe('7.0.0');
    const itself = source({ uri: 's3://fraud-models/team/fraud/v7' });
    for (const version of [undefined, '7.0.0', 'v7.0.0']) {
      expect((await itself.load(version)).manifest.version).toBe('7.0.0');
    }
    expect(await refusalOf(itself.load('v8'))).toBe('version_mismatch');
    expect(await inPrefix.versions()).toEqual(['v7']);
  });

  it('lists its versions in natural order, and names them where one is not there', async () => {
    await upload('many/v1.10.0/');
    await upload('many/v1.9.0/');
    const many = source({ uri: 's3://fraud-models/many' });
    expect(await many.versions()).toEqual(['v1.9.0', 'v1.10.0']);
    await expect(many.load('v2')).rejects.toThrow('MODEL_VERSION can be v1.9.0, v1.10.0');
    expect(await refusalOf(many.load('v2'))).toBe('not_found');
    expect(await refusalOf(source({ uri: 's3://no-such-bucket' }).load('v1'))).toBe('not_found');
    expect(await refusalOf(many.load('../v1.9.0'))).toBe('path_outside');
  });

  it('fetches a model once, and again when another was uploaded in its place or the copy is broken', async () => {
    await upload('again/v1/', { manifest: (m) => (m.version = '1.0.0') });
    const again = source({ uri: 's3://fraud-models/again' });
    const { directory } = await again.load('v1');
    // Only the manifest is asked for from now on.
    await s3.sh('aws s3 mv s3://fraud-models/again/v1/model.onnx s3://fraud-models/again/away.onnx');
    expect((await again.load('v1')).directory).toBe(directory);

    await writeFile(path.join(directory, 'model.onnx'), 'broken');
    expect(await refusalOf(again.load('v1'))).toBe('not_found');
    await s3.sh('aws s3 mv s3://fraud-models/again/away.onnx s3://fraud-models/again/v1/model.onnx');
    expect(await again.load('v1')).toMatchObject({ directory, source: 's3' });

    await upload('again/v1/', { manifest: (m) => (m.version = '1.0.1') });
    expect((await again.load('v1')).manifest.version).toBe('1.0.1');
  });

  it('refuses a file that is not the one of its manifest, and keeps nothing of it', async () => {
    await upload('bad/v1/', { onnx: (m) => m.subarray(0, 1000), rehash: false });
    expect(await refusalOf(source({ uri: 's3://fraud-models/bad' }).load('v1'))).toBe('hash_mismatch');
    expect(await filesIn(cacheDirectory)).toEqual([]);
  });

  it('refuses a huge object without fetching it, and leaks no connection however often', async () => {
    const small = source({ maxBytes: 100_000 });
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
    const before = sockets();
    for (let i = 0; i < 20; i++) expect(await refusalOf(small.load('v1.2.0'))).toBe('too_large');
    await vi.waitFor(() => {
      expect(sockets()).toBeLessThanOrEqual(before);
    });
    expect(await filesIn(cacheDirectory)).toEqual([]);
  });

  it('goes on where an answer breaks off, a few times', async () => {
    const twice = await cuttingProxyTo(s3.url, 2, 60_000);
    expect((await source({ endpoint: twice.url }).load('v1.2.0')).source).toBe('s3');
    expect(twice.cuts).toBe(2);
    twice.close();
    const always = await cuttingProxyTo(s3.url, Infinity, 60_000);
    expect(await refusalOf(source({ endpoint: always.url }).load('v1.2.0'))).toBe('registry_unavailable');
    expect(await filesIn(cacheDirectory)).toHaveLength(3);
    always.close();
  });

  it('is asked by many at once, each of which gets a whole model', async () => {
    const models = await Promise.all(Array.from({ length: 6 }, () => source().load('v1.2.0')));
    expect(new Set(models.map((model) => model.directory)).size).toBe(1);
    expect((await filesIn(cacheDirectory)).map((file) => path.basename(file)).toSorted()).toEqual([
      'current',
      'manifest.json',
      'model.onnx',
    ]);
  });

  it('says so where the cache cannot be written', async () => {
    const file = path.join(scratch, 'a-file');
    await writeFile(file, '');
    expect(await refusalOf(source({ cacheDirectory: path.join(file, 'in') }).load('v1.2.0'))).toBe(
      'cache_unwritable',
    );
  });

  it('is of no account for a version in the cache while it hangs or is down, and refuses others then', async () => {
    const own = source({ timeoutMs: 3_000 });
    await own.load('v1.2.0');
    s3.node.pause();
    expect((await own.load('v1.2.0')).source).toBe('cache');
    s3.node.resume();
    expect((await own.load('v1.2.0')).source).toBe('s3');
    await s3.node.kill();
    expect(await own.load('v1.2.0')).toMatchObject({ source: 'cache', deployedAs: 'v1.2.0' });
    expect(await refusalOf(own.load('v1.3.0'))).toBe('registry_unavailable');
    await expect(own.load('v1.3.0')).rejects.toThrow(/ECONNREFUSED.*no copy in the cache/);
    expect(await refusalOf(own.versions())).toBe('registry_unavailable');
  }, 60_000);
});
