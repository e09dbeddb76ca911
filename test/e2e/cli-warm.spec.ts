import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type CliOutcome, findings, runCli } from '../support/cli.js';
import { historiesOf } from '../support/histories.js';
import { startApi } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';

const DATABASE = 15;

describe('replay --warm', () => {
  let directory: string;
  let traffic: string;
  let first: string;
  let rest: string;
  let redisUrl: string;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fraud-warm-'));
    const at = (name: string): string => path.join(directory, name);
    [traffic, first, rest] = [at('traffic.ndjson'), at('first.ndjson'), at('rest.ndjson')];
    const size = ['--cards', '150', '--days', '20'];
    const { code, output } = await runCli(['simulate', '--to', 'file', '--out', traffic, ...size]);
    if (code !== 0) throw new Error(output);
    const lines = (await readFile(traffic, 'utf8')).trimEnd().split('\n');
    await writeFile(first, `${lines.slice(0, 1500).join('\n')}\n`);
    await writeFile(rest, `${lines.slice(1500).join('\n')}\n`);
  });
  beforeEach(async () => {
    redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
  });
  afterAll(() => rm(directory, { recursive: true }));

  const warm = (...args: string[]): Promise<CliOutcome> =>
    runCli(['replay', ...args, '--warm'], { REDIS_URL: redisUrl });

  it('fills a Redis so that a server goes on as if it had decided the traffic itself', async () => {
    const patient = { REDIS_URL: redisUrl, REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '5000' };
    const decided = await startApi(patient);
    await runCli(['replay', first, '--url', decided.url]);
    await decided.stop();
    const expectedState = await historiesOf(redisUrl);
    const api = await startApi(patient);
    const expected = await runCli(['replay', rest, '--labels', '--url', api.url]);
    await api.stop();

    redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
    const { code, output } = await warm(first);
    expect(code).toBe(0);
    expect(output).toMatch(/Warmed layout \d+ with 1,500 rows .*; nothing was decided/);
    expect(output).toMatch(/^new +1,500$/m);
    const state = await historiesOf(redisUrl);
    expect(state.bytes).toEqual(expectedState.bytes);
    expect(state.decisions).toBe(0);
    const warmed = await startApi(patient);
    const got = await runCli(['replay', rest, '--labels', '--url', warmed.url]);
    await warmed.stop();
    expect(findings(got.output)).toBe(findings(expected.output));
  });

  it('says that everything is known where it is repeated, and changes nothing', async () => {
    const labels = ['--labels', '--label-delay', '2d'];
    const once = await warm(traffic, ...labels);
    expect(once.output).toMatch(/^[1-9]\d* of \d+ frauds became known/m);
    const state = await historiesOf(redisUrl);
    expect(Object.keys(state.bytes).some((key) => key.includes(':l:'))).toBe(true);
    const again = await warm(traffic, ...labels, '--batch', '500');
    expect(again.code).toBe(0);
    expect(again.output).toMatch(/^new +0$/m);
    expect(again.output).toMatch(/, 0 of them new to the store/);
    expect((await historiesOf(redisUrl)).bytes).toEqual(state.bytes);
  });

  it('goes on where it was ended', async () => {
    await warm(traffic, '--limit', '700');
    const { output } = await warm(traffic);
    expect(output).toMatch(/^known already +700$/m);
  });

  it('says what to set where there is no Redis to fill', async () => {
    for (const env of [{}, { REDIS_URL: redisUrl, FEATURE_STORE: 'memory' }]) {
      const { code, output } = await runCli(['replay', traffic, '--warm'], env);
      expect(code).toBe(1);
      expect(output).toMatch(/set REDIS_URL/);
    }
    const away = await runCli(['replay', traffic, '--warm'], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(away.code).toBe(1);
    expect(away.output).toMatch(/the one that is configured does not answer/);
  });

  it('does not go with what decides, nor with labels whose delay is not said', async () => {
    expect((await warm(traffic, '--to', 'kafka')).code).toBe(1);
    expect((await warm(traffic, '--url', 'http://127.0.0.1:1')).code).toBe(1);
    const { code, output } = await warm(traffic, '--labels');
    expect(code).toBe(1);
    expect(output).toMatch(/--label-delay/);
  });
});
