import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isSameProcess } from '../process-identity.mjs';

const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 20;

/**
 * Starts the service's program in the background, its output in DIR/<name>.log.
 * @param {import('./registry.mjs').Service} service
 * @param {{ program: string, port: number, directory: string }} options
 * @returns {Promise<import('./state.mjs').ProcessState>}
 */
export async function launch(service, { program, port, directory }) {
  const data = path.join(directory, service.name);
  mkdirSync(data, { recursive: true });
  const log = openSync(logFile(directory, service.name), 'a');
  const child = spawn(program, service.arguments({ port, data }), {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  const pid = Number(child.pid);
  return { url: service.url(port), port, pid, started: identify(pid)?.started ?? '' };
}

/** @param {string} directory @param {string} name */
export const logFile = (directory, name) => path.join(directory, `${name}.log`);

/** Whether the recorded pid still is that very process. @param {import('./registry.mjs').Service} service @param {import('./state.mjs').ProcessState} state */
export function runs(service, { pid, port, started }) {
  return isSameProcess(identify(pid), { words: service.words(port), started });
}

/**
 * Ends the process by its pid, never by name, and waits until it is gone.
 * @param {import('./registry.mjs').Service} service
 * @param {import('./state.mjs').ProcessState} state
 */
export async function end(service, state) {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    if (!runs(service, state)) return;
    process.kill(state.pid, signal);
    const began = Date.now();
    while (runs(service, state) && Date.now() - began < STOP_TIMEOUT_MS) await sleep(POLL_MS);
  }
}
