import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeFlagsOf } from '../../scripts/lib/node-flags.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
type App = 'api' | 'consumer';

/** A running server, started as users start it: the built program in a process of its own. */
export interface ProductProcess {
  /** Where its HTTP server is. */
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

/** A start that must fail and goes on instead is ended then, so that the test says so and nothing stays behind. */
const ENDS_WITHIN_MS = 45_000;

/** Runs the program to its end, for starts that must fail; it says why as people read it. No code: it did not end by itself. */
export async function runToEnd(
  app: App,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(app, { LOG_FORMAT: 'text', ...env });
  const tooLate = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(tooLate);
  return { code, output: output() };
}

/**
 * Starts the API on a free port and waits until it says where it is.
 * @param home where the product lies, if it is not that of this repository
 */
export const startApi = (env: Record<string, string> = {}, home = repository): Promise<ProductProcess> =>
  start('api', env, home);

/** Starts the consumer; it joins its group behind that. */
export const startConsumer = (env: Record<string, string>): Promise<ProductProcess> => start('consumer', env);

async function start(app: App, env: Record<string, string>, home = repository): Promise<ProductProcess> {
  const { child, output } = launch(app, env, home);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /(?:decides|probes) at ([^\s"]+)/.exec(output())?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => {
      reject(new Error(`the ${app} did not start:\n${output()}`));
    });
  });
  return {
    url,
    process: child,
    output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return { code: child.exitCode, ms: 0 };
      const startedAt = performance.now();
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number | null];
      return { code, ms: performance.now() - startedAt };
    },
  };
}

/** A directory of its own, which only a change would make: what is chosen in one test has no effect in another. */
const nowhere = (): string => path.join(tmpdir(), `fraud-detection-${randomUUID()}`);

function launch(
  app: App,
  env: Record<string, string>,
  home = repository,
): { child: ChildProcess; output: () => string } {
  const child = spawn(
    process.execPath,
    [...nodeFlagsOf(app), path.join(home, 'dist/apps', app, 'src/main.js')],
    {
      // Nothing of the surrounding environment but what a program needs to run.
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        CONSUMER_PORT: '0',
        DRAIN_MS: '0',
        DATA_DIR: nowhere(),
        // A machine that is busy with tests stalls for longer than a budget; those that are about budgets set their own.
        LATENCY_BUDGET_MS: '2000',
        // An embedded database in every process is what few tests are about.
        RECORDS: env['DATABASE_URL'] === undefined ? 'off' : 'on',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let written = '';
  const keep = (chunk: Buffer): void => {
    written += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return { child, output: () => written };
}
