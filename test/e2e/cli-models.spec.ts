import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { SHIPPED, writeModel } from '../support/model-directory.js';

const CHECKS = ['files', 'manifest', 'features', 'sha256', 'onnx', 'session', 'golden rows', 'odd rows'];
const FEW = ['--cards', '120', '--days', '38', '--resamples', '200'];

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'cli-models-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('models verify', () => {
  it('lists every check that a sound model passes, and ends with 0', async () => {
    const { code, output } = await runCli(['models', 'verify', SHIPPED]);
    expect(code).toBe(0);
    expect(
      output.match(/^ok .*$/gm)?.map((line) => CHECKS.find((name) => line.slice(9).startsWith(name))),
    ).toEqual(CHECKS);
  });

  it('stops at the first check that fails, with its code and words, and ends with 1', async () => {
    const broken = path.join(scratch, 'broken');
    await writeModel(broken, { manifest: (m) => (m.bias += 0.01) });
    const { code, output } = await runCli(['models', 'verify', broken]);
    expect(code).toBe(1);
    expect(output).toMatch(
      /^ok +session .*\nREFUSED +golden rows +contributions_mismatch: .* add up .*\n- +odd rows\n$/m,
    );
  });

  it('says the same as JSON, of a version in its folder too', async () => {
    await writeModel(path.join(scratch, 'all/v7'), { onnx: (m) => m.subarray(1), rehash: false });
    const { code, output } = await runCli([
      'models',
      'verify',
      path.join(scratch, 'all'),
      '--model-version',
      'v7',
      '--json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      ok: false,
      version: 'v7',
      checks: CHECKS.map((check, i) => ({
        check,
        state: i < 3 ? 'ok' : i === 3 ? 'refused' : 'not reached',
        ...(i === 3 && { code: 'hash_mismatch' }),
      })),
    });
  });
});

describe('models inspect', () => {
  it('says what the shipped model is, and leaves golden rows out of its JSON', async () => {
    const { output } = await runCli(['models', 'inspect', SHIPPED]);
    expect(output).toMatch(/^model +\d+\.\d+\.\d+, made 20/);
    expect(output).toMatch(/holdout +0\.[6-9]\d+/);
    const { output: json } = await runCli(['models', 'inspect', SHIPPED, '--json']);
    const found = JSON.parse(json) as Record<string, unknown>;
    expect(found).toMatchObject({ source: 'directory', directory: SHIPPED });
    expect(found['golden_rows']).toBeGreaterThan(0);
    expect(found).not.toHaveProperty('golden');
  });

  it('ends with 1 and the reason where there is no model', async () => {
    const { code, output } = await runCli(['models', 'inspect', scratch]);
    expect([code, output]).toEqual([1, expect.stringContaining('(not_found)')]);
  });
});

describe('models compare', () => {
  it('finds no difference between a model and its copy, on simulated traffic', async () => {
    const copy = path.join(scratch, 'copy');
    await writeModel(copy);
    const { code, output } = await runCli(['models', 'compare', SHIPPED, copy, ...FEW]);
    expect(code).toBe(0);
    expect(output).toContain('The same outcome for 100.0 % of the rows');
    expect(output).toMatch(/average precision .* 0\.0000 \[0\.0000, 0\.0000\]/);
  });

  it('scores the rows of a matrix as it scores the traffic that the matrix is made of', async () => {
    const matrix = path.join(scratch, 'matrix');
    await runCli(['matrix', '--out', matrix, '--seed', '5', '--cards', '120', '--days', '38']);
    const of = async (args: string[]): Promise<Record<string, unknown>> => {
      const { output } = await runCli(['models', 'compare', SHIPPED, SHIPPED, ...args, '--json']);
      // What was told on standard error comes behind.
      return JSON.parse(output.slice(0, output.lastIndexOf('}') + 1)) as Record<string, unknown>;
    };
    const fromMatrix = await of(['--matrix', matrix, '--seed', '5', '--resamples', '200']);
    const fromTraffic = await of(['--seed', '5', ...FEW]);
    expect(fromMatrix.rows).toBeGreaterThan(500);
    expect([fromMatrix.rows, fromMatrix.quality, fromMatrix.scoreShift]).toEqual([
      fromTraffic.rows,
      fromTraffic.quality,
      fromTraffic.scoreShift,
    ]);
  });

  it('does not compare on nothing', async () => {
    const { code, output } = await runCli([
      'models',
      'compare',
      SHIPPED,
      SHIPPED,
      '--cards',
      '20',
      '--days',
      '10',
    ]);
    expect([code, output]).toEqual([1, expect.stringContaining('--warmup-days')]);
  });
});
