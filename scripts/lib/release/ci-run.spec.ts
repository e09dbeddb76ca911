import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inRoot } from '../paths.mjs';

const STEPS = ['data', 'node', 'install', 'check', 'test', 'reference', 'faults', 'manifests', 'runbook'];
const ALL = [...STEPS, 'training', 'bench'];

/** Writes down how it is called, and fails at what it is told to. */
const NPM = `#!/bin/sh
[ "$1" = --version ] && echo 11.0.0 && exit 0
echo "$*" >> "$CALLS"
echo 'some words'
echo "closing line of $*"
case "$*" in *"$FAILS"*) exit 7 ;; esac
`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ci-run-'));
  await mkdir(path.join(directory, 'checkout/.ci'), { recursive: true });
  await mkdir(path.join(directory, 'bin'));
  await copyFile(inRoot('.ci/run'), path.join(directory, 'checkout/.ci/run'));
  for (const [name, text] of [
    ['npm', NPM],
    ['node', '#!/bin/sh\n[ "$1" != --version ] || echo v26.0.0\n'],
  ] as const) {
    await writeFile(path.join(directory, 'bin', name), text);
    await chmod(path.join(directory, 'bin', name), 0o755);
  }
});
afterEach(() => rm(directory, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly output: string;
  /** The steps that began, and what the summary says. */
  readonly steps: readonly string[];
  readonly summary: readonly string[];
  readonly calls: readonly string[];
}

async function run(env: Record<string, string> = {}): Promise<Ran> {
  const calls = path.join(directory, 'calls');
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    const surroundings = {
      PATH: [path.join(directory, 'bin'), '/usr/bin', '/bin'].join(':'),
      CALLS: calls,
      FAILS: 'nothing',
      ...env,
    };
    const program = path.join(directory, 'checkout/.ci/run');
    execFile('bash', [program], { cwd: directory, env: surroundings }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
  const [before = '', after = ''] = output.split('==> summary\n');
  return {
    code,
    output,
    steps: Array.from(before.matchAll(/^==> (.*)$/gm), ([, step]) => step!),
    summary: after.trim().split('\n'),
    calls: (await readFile(calls, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
  };
}

async function provideShared(): Promise<void> {
  await mkdir(path.join(directory, 'shared/data/handbook'), { recursive: true });
  await writeFile(path.join(directory, 'shared/runbook.md'), '');
}

describe('.ci/run', () => {
  it('runs every step, and ends with what each closed with', async () => {
    await provideShared();
    const { code, steps, summary, calls } = await run();
    expect([code, steps]).toEqual([0, ALL]);
    expect(summary).toHaveLength(ALL.length);
    expect(summary[5]).toMatch(/^reference \(\d+ s\): closing line of run --silent test:reference$/);
    // All but the two that look at the machine.
    expect(calls).toHaveLength(ALL.length - 2);
  });

  it('fails at once where what is not part of the repository is missing, and names it and the way without', async () => {
    const nothing = await run();
    expect([nothing.code, nothing.calls]).toEqual([1, []]);
    expect(nothing.output).toContain('missing: ../shared/data/handbook ../shared/runbook.md. ');
    expect(nothing.output).toContain('WITHOUT_REFERENCE_DATA=1');
    expect(nothing.output).toContain('CI failed in step: data (exit code 1)');

    await provideShared();
    await rm(path.join(directory, 'shared/runbook.md'));
    expect((await run()).output).toContain('missing: ../shared/runbook.md. ');
    // Only the one word leaves anything out.
    expect((await run({ WITHOUT_REFERENCE_DATA: '0' })).code).toBe(1);
    expect((await run({ FRAUD_SHARED_DATA: '/nowhere' })).output).toContain('missing: /nowhere/handbook ');
  });

  it('leaves out the two steps that need it where it is told to, and says so of each in the summary', async () => {
    const { code, steps, summary, calls } = await run({ WITHOUT_REFERENCE_DATA: '1' });
    expect([code, steps]).toEqual([0, ALL]);
    expect(summary.filter((line) => line.includes('not run'))).toEqual([
      'reference: not run: needs ../shared (reference data that is not part of the repository)',
      'runbook: not run: needs ../shared (the runbook of operators, which is not part of the repository)',
    ]);
    expect(calls).toHaveLength(ALL.length - 4);
    expect(calls.join()).not.toMatch(/reference|runbook/);
  });

  it('ends at a step that fails, with its exit code', async () => {
    const { code, steps, output } = await run({ WITHOUT_REFERENCE_DATA: '1', FAILS: 'test:fault' });
    expect([code, steps.at(-1)]).toEqual([7, 'faults']);
    expect(output).toContain('CI failed in step: faults (exit code 7)');
  });
});
