import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CliOutcome, findings, runCli } from '../support/cli.js';
import { startApi } from '../support/product-process.js';

const cli = (...args: string[]): Promise<CliOutcome> => runCli(args);

describe('the command line', () => {
  let directory: string;
  let traffic: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fraud-cli-'));
    traffic = path.join(directory, 'traffic.ndjson');
    const { code, output } = await cli(
      'simulate',
      '--to',
      'file',
      '--out',
      traffic,
      '--cards',
      '150',
      '--days',
      '20',
    );
    if (code !== 0) throw new Error(output);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('simulates the same traffic from the same seed, and other traffic from another', async () => {
    const make = async (name: string, seed: string): Promise<string> => {
      const out = path.join(directory, name);
      await cli('simulate', '--to', 'file', '--out', out, '--cards', '150', '--days', '20', '--seed', seed);
      return readFile(out, 'utf8');
    };
    const first = await readFile(traffic, 'utf8');
    expect(await make('again.ndjson', '42')).toBe(first);
    expect(await make('other.ndjson', '43')).not.toBe(first);
    expect(first).toContain('"fraud":true');
  });

  it('replays with the same decisions in batches of 1, 7 and 64', async () => {
    const runs = await Promise.all(
      ['1', '7', '64'].map((size) => cli('replay', traffic, '--labels', '--batch', size)),
    );
    expect(runs.map((r) => r.code)).toEqual([0, 0, 0]);
    expect(findings(runs[0]!.output)).toMatch(/ROC AUC +0\.\d/);
    expect(findings(runs[1]!.output)).toBe(findings(runs[0]!.output));
    expect(findings(runs[2]!.output)).toBe(findings(runs[0]!.output));
  });

  it.each(['embedded', 'redis'])(
    'replays over HTTP on the %s store with the same findings as in process',
    async (kind) => {
      const slow = { REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '5000' };
      const api = await startApi(kind === 'redis' ? { REDIS_URL: inject('redisUrl'), ...slow } : slow);
      const [here, there] = [
        await cli('replay', traffic, '--labels'),
        await cli('replay', traffic, '--labels', '--url', api.url),
      ];
      await api.stop();
      expect(there.code).toBe(0);
      expect(findings(there.output)).toBe(findings(here.output));
    },
  );

  it('sends simulated traffic at a constant rate and reports caught and missed fraud', async () => {
    const api = await startApi({ LATENCY_BUDGET_MS: '5000' });
    const { code, output } = await cli('simulate', '--url', api.url, '--tps', '300', '--duration', '3s');
    await api.stop();
    expect(code).toBe(0);
    expect(output).toMatch(/p99/);
    expect(output).toMatch(/missed/);
    expect(output).not.toMatch(/NaN|undefined/);
  });

  it('says what to do when there is no server', async () => {
    const { code, output } = await cli('simulate', '--url', 'http://127.0.0.1:1');
    expect(code).toBe(1);
    expect(output).toContain('npm start');
  });

  it('names the line of a file that is broken, and what files it reads', async () => {
    const broken = path.join(directory, 'broken.ndjson');
    const lines = (await readFile(traffic, 'utf8')).split('\n');
    await writeFile(broken, [lines[0], lines[1], '{"transaction":', lines[3]].join('\n'));
    expect((await cli('replay', broken)).output).toMatch(/line 3/);
    const unknown = path.join(directory, 'unknown.txt');
    await writeFile(unknown, 'hello\n');
    const { code, output } = await cli('replay', unknown);
    expect(code).toBe(1);
    expect(output).toMatch(/Handbook.*NDJSON/s);
  });

  it('makes a training matrix whose manifest matches the catalogue, but not from the demo seed', async () => {
    const out = path.join(directory, 'matrix');
    expect((await cli('matrix', '--out', out, '--cards', '50', '--days', '10')).code).toBe(0);
    const manifest = JSON.parse(await readFile(path.join(out, 'matrix.json'), 'utf8')) as {
      features: string[];
    };
    expect(manifest.features).toContain('card_count_1h');
    expect((await cli('matrix', '--out', out, '--seed', '42')).code).not.toBe(0);
  });
});
