import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeze, thaw } from '../process-family.mjs';
import { identify, isSameProcess } from '../process-identity.mjs';

const POLL_MS = 20;

/** @typedef {{ pid: number, started: string }} Process as it is recorded */
/** @typedef {Process & { command: { words: readonly string[] } }} Identified */

/**
 * Starts a program in the background, its output at the end of `log`.
 * @param {import('./registry.mjs').Command} command
 * @param {string} log
 * @returns {Promise<Process>}
 */
export async function launch(command, log) {
  const output = openSync(log, 'a');
  const child = spawn(command.program, command.arguments, {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  const pid = Number(child.pid);
  return { pid, started: identify(pid)?.started ?? '' };
}

/** Whether the recorded pid still is that very process. @param {Identified} process */
export function runs({ pid, started, command }) {
  return isSameProcess(identify(pid), { words: command.words, started });
}

/** Stops that very process, if it still runs, and what it has started, which would go on answering. @param {Identified} recorded */
export function pause(recorded) {
  if (runs(recorded)) freeze(recorded.pid);
}

/** @param {Identified} recorded */
export function resume(recorded) {
  if (runs(recorded)) thaw(recorded.pid);
}

/**
 * Ends the process by its pid, never by name, and waits until it is gone.
 * @param {Identified} recorded
 * @param {number} timeoutMs how long it may take by itself
 * @param {NodeJS.Signals} [request] by which it is asked to
 */
export async function end(recorded, timeoutMs, request = 'SIGTERM') {
  if (!runs(recorded)) return;
  // One that stands still would not hear it.
  resume(recorded);
  if (runs(recorded)) process.kill(recorded.pid, request);
  if (!(await isGone(recorded, timeoutMs))) await kill(recorded, timeoutMs);
}

/**
 * Ends the process as a power cut would: with all that it has started, which would hold on to its data, and before any of
 * them learns of another's end. Resolves when they are gone.
 * @param {Identified} recorded
 * @param {number} timeoutMs
 */
export async function kill(recorded, timeoutMs) {
  await Promise.all(killAtOnce(recorded).map((one) => isGone(one, timeoutMs)));
}

/** The same, without waiting for it. @param {Identified} recorded @returns {Process[]} what is about to go */
export function killAtOnce(recorded) {
  if (!runs(recorded)) return [];
  const family = freeze(recorded.pid).map((pid) => ({ pid, started: identify(pid)?.started ?? '' }));
  for (const { pid } of family.slice().reverse()) process.kill(pid, 'SIGKILL');
  return family;
}

/** An ending process loses its command line before its ports: here the start alone tells it. @param {Process} recorded @param {number} timeoutMs */
async function isGone({ pid, started }, timeoutMs) {
  const began = Date.now();
  while (isSameProcess(identify(pid), { words: [], started })) {
    if (Date.now() - began > timeoutMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}
