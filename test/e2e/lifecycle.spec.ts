import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToEnd, startApi } from '../support/product-process.js';
import { aTransaction, post } from '../support/transactions.js';

const repository = path.resolve(import.meta.dirname, '../..');

describe('start', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fraud-model-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const modelWith = async (name: string, change: (manifest: string) => string): Promise<string> => {
    const to = path.join(directory, name);
    await cp(path.join(repository, 'models'), to, { recursive: true });
    const manifest = path.join(to, 'manifest.json');
    await writeFile(manifest, change(await readFile(manifest, 'utf8')));
    return to;
  };

  it('prints what runs, what is embedded, and a curl command that works', async () => {
    const api = await startApi({ LOG_FORMAT: 'text' });
    const command = /-d '(.*)'/.exec(api.output())?.[1];
    expect(api.output()).toContain('embedded in memory');
    expect(api.url).toContain('127.0.0.1');
    const response = await post(`${api.url}/v1/decisions`, command ?? 'no command');
    expect(response.status).toBe(200);
    await api.stop();
  });

  it('stops at a wrong value, with its name, the value and what was expected', async () => {
    const { code, output } = await runToEnd('api', { LATENCY_BUDGET_MS: 'fast' });
    expect(code).toBe(1);
    expect(output).toContain('LATENCY_BUDGET_MS is "fast": expected milliseconds');
  });

  it('says which port is taken', async () => {
    const api = await startApi();
    const { code, output } = await runToEnd('api', { PORT: new URL(api.url).port });
    expect(code).toBe(1);
    expect(output).toContain('Another process listens there: set PORT');
    await api.stop();
  });

  it.each([
    ['a changed file', 'hash_mismatch', (m: string) => m.replace(/"sha256": "./, '"sha256": "f')],
    [
      'another feature catalogue',
      'catalogue_mismatch',
      (m: string) => m.replace(/"catalogue_version": "./, '"catalogue_version": "x'),
    ],
    [
      'an unknown feature',
      'catalogue_mismatch',
      (m: string) => m.replaceAll('"card_count_1h"', '"card_count_2h"'),
    ],
    ['other golden scores', 'golden_mismatch', (m: string) => m.replace(/"score": 0\.\d/, '"score": 0.99')],
    ['a broken manifest', 'manifest_invalid', (m: string) => m.slice(0, -20)],
    [
      'a name that the graph does not have',
      'onnx_signature',
      (m: string) => m.replace('"score": "score"', '"score": "nope"'),
    ],
    [
      'golden rows without contributions',
      'manifest_invalid',
      (m: string) => m.replaceAll(/"contributions": \[[^\]]*\]/g, '"contributions": []'),
    ],
  ])('refuses a model with %s', async (name, reason, change) => {
    const { code, output } = await runToEnd('api', {
      MODEL_URI: await modelWith(name.replaceAll(' ', '-'), change),
    });
    expect(code).toBe(1);
    expect(output).toContain(`the model was refused (${reason})`);
  });

  it('takes the version that is asked for, and no other', async () => {
    const manifest = JSON.parse(await readFile(path.join(repository, 'models/manifest.json'), 'utf8')) as {
      version: string;
    };
    const api = await startApi({ MODEL_VERSION: manifest.version });
    await api.stop();
    const { code, output } = await runToEnd('api', { MODEL_VERSION: '99.0.0' });
    expect(code).toBe(1);
    expect(output).toContain('version_mismatch');
  });

  it('starts with another version from a directory below MODEL_URI', async () => {
    await modelWith('2.0.0', (m) => m.replace(/"version": "[^"]+"/, '"version": "2.0.0"'));
    const api = await startApi({ MODEL_URI: directory, MODEL_VERSION: '2.0.0' });
    const answer = (await (await post(`${api.url}/v1/decisions`, aTransaction())).json()) as {
      versions: { model: string };
    };
    expect(answer.versions.model).toBe('2.0.0');
    await api.stop();
  });
});

describe('stop', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 0 within five seconds of %s, idle connections or not',
    async (signal) => {
      const api = await startApi();
      await post(`${api.url}/v1/decisions`, aTransaction());
      const { hostname, port } = new URL(api.url);
      const idle = createConnection(Number(port), hostname);
      await new Promise((connected) => idle.once('connect', connected));
      const { code, ms } = await api.stop(signal);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(5000);
      idle.destroy();
    },
  );

  it('ends with 0 although a request never finishes arriving', async () => {
    const api = await startApi();
    const { hostname, port } = new URL(api.url);
    const stuck = createConnection(Number(port), hostname);
    stuck.on('error', () => undefined);
    await new Promise((connected) => stuck.once('connect', connected));
    stuck.write(
      'POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    await sleep(100);
    const { code, ms } = await api.stop('SIGINT');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
  });

  it('is not ready, but answers, while it drains', async () => {
    const api = await startApi({ DRAIN_MS: '1500' });
    const stopped = api.stop('SIGTERM');
    await sleep(300);
    const ready = await fetch(`${api.url}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      status: 'not_ready',
      checks: { lifecycle: { draining: true } },
    });
    const answer = await post(`${api.url}/v1/decisions`, aTransaction());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    expect((await stopped).code).toBe(0);
  });

  it('answers what was under way', async () => {
    const api = await startApi();
    const requests = Array.from({ length: 50 }, () => post(`${api.url}/v1/decisions`, aTransaction()));
    const answers = Promise.allSettled(requests);
    await Promise.race(requests);
    await api.stop();
    const statuses = (await answers).flatMap((a) => (a.status === 'fulfilled' ? [a.value.status] : []));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
