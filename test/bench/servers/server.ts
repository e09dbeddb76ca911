import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../scripts/lib/free-port.mjs';

const shipped = (await import(new URL('../../../scripts/lib/node-flags.mjs', import.meta.url).href)) as {
  readonly nodeFlagsOf: (app: 'api' | 'consumer') => readonly string[];
};

/** The flags that the API runs with; the echo gets the same. */
export const NODE_FLAGS = shipped.nodeFlagsOf('api');
export const CONSUMER_FLAGS = shipped.nodeFlagsOf('consumer');
const PROBE = new URL('probe.mjs', import.meta.url).href;
const READY_WITHIN_MS = 60_000;

/** A running server under test. */
export interface Server {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  /** Whether the probe is in it, which answers questions over IPC. */
  readonly probed: boolean;
  stop(): Promise<void>;
}

/** How to start a server. */
export interface Launch {
  readonly command: string;
  readonly args: (port: number) => readonly string[];
  readonly env: (port: number) => Readonly<Record<string, string>>;
  /** Answers 200 to GET once the server is ready. */
  readonly readyPath: string;
  readonly probed: boolean;
}

/**
 * Starts a server on a free port and waits until it is ready.
 * @param directory gets the server's output, which is shown when it does not start
 */
export async function launchServer(launch: Launch, directory: string): Promise<Server> {
  const port = await freePort();
  const logFile = join(directory, `${port}.log`);
  const log = openSync(logFile, 'w');
  const args = launch.args(port);
  const child = spawn(launch.command, args, {
    env: { ...process.env, ...launch.env(port) },
    // A file, not a pipe: reading a pipe would be work in the middle of a measure.
    stdio: launch.probed ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
  });
  closeSync(log);
  const server = { child, pid: child.pid!, port, probed: launch.probed, stop: () => stopProcess(child) };
  try {
    await ready(child, `http://127.0.0.1:${port}${launch.readyPath}`);
    return server;
  } catch (error) {
    await server.stop();
    const output = readFileSync(logFile, 'utf8').slice(-4_000);
    throw new Error(`${args.at(-1)}: ${(error as Error).message}; its output:\n${output}`, { cause: error });
  }
}

/** Starts a Node server as the product runs, with the probe preloaded. */
export function startServer(
  entry: string,
  env: Readonly<Record<string, string>>,
  directory: string,
  flags: readonly string[] = NODE_FLAGS,
): Promise<Server> {
  return launchServer(
    {
      command: process.execPath,
      args: () => [...flags, '--import', PROBE, entry],
      env: (port) => ({
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        ...env,
        HOST: '127.0.0.1',
        PORT: String(port),
        CONSUMER_PORT: String(port),
      }),
      readyPath: '/ready',
      probed: true,
    },
    directory,
  );
}

/** Ends a process that this one started: gently, and by force after five seconds. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exit;
  clearTimeout(force);
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended before it was ready');
    const response = await fetch(url).catch(() => null);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    await sleep(50);
  }
  throw new Error(`${url} did not answer 200 within ${READY_WITHIN_MS / 1000} s`);
}
