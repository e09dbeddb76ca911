import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { productNodeFlags } from '../../scripts/lib/node-flags.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(repository, 'dist/apps/api/src/main.js');

/** A running API, started as users start it: the built program in a process of its own. */
export interface ApiProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

/** Runs the program to its end, for starts that must fail. */
export async function runApi(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(env);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** Starts the API on a free port and waits until it says where it is. */
export async function startApi(env: Record<string, string> = {}): Promise<ApiProcess> {
  const { child, output } = launch(env);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /decides at (\S+)/.exec(output())?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => {
      reject(new Error(`the API did not start:\n${output()}`));
    });
  });
  return {
    url,
    process: child,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null) return { code: child.exitCode, ms: 0 };
      const startedAt = performance.now();
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number | null];
      return { code, ms: performance.now() - startedAt };
    },
  };
}

function launch(env: Record<string, string>): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, [...productNodeFlags, MAIN], {
    // Nothing of the surrounding environment but what a program needs to run.
    env: { PATH: process.env['PATH'], PORT: '0', DRAIN_MS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  const keep = (chunk: Buffer): void => {
    written += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return { child, output: () => written };
}
