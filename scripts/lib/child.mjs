import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

/** @typedef {{ code: number, output: string }} Outcome */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** The signals that ask a process to end. */
export const endSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Ends with the shell's exit code for the signal once the step's children have gone, so that an interrupted
 * install leaves nobody writing into node_modules.
 * @param {NodeJS.Signals} signal
 */
function interrupted(signal) {
  const code = 128 + constants.signals[signal];
  for (const child of running) {
    child.kill(signal);
    child.once('close', () => {
      if (running.size === 0) process.exit(code);
    });
  }
}

/**
 * Runs a command to its end. `inherit` shows its output as it comes; otherwise it is returned.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, inherit?: boolean, shell?: boolean }} [options]
 * @returns {Promise<Outcome>}
 */
export function runChild(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: options.inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    if (running.size === 0) for (const signal of endSignals) process.on(signal, interrupted);
    running.add(child);
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    const gone = () => {
      running.delete(child);
      if (running.size === 0) for (const signal of endSignals) process.off(signal, interrupted);
    };
    child.once('error', (error) => {
      gone();
      reject(error);
    });
    child.once('close', (code) => {
      gone();
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
