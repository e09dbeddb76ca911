import { spawn } from 'node:child_process';
import { root } from '../paths.mjs';

const LIMIT_MS = 60_000;
const END_MS = 2_000;

/** @typedef {{ code: number, stdout: string, stderr: string, ending: 'by itself' | 'followed' | 'took too long' }} Ran */

/** Groups of processes that run: pids of their leaders. @type {Set<number>} */
const running = new Set();

/**
 * Runs a line as somebody types it, in the root of the repository. It has a process group of its own, so that nothing of a pipeline is left.
 * @param {string} line
 * @param {{ env: NodeJS.ProcessEnv, limitMs?: number | undefined, follow?: boolean | undefined }} options follow: it never ends by itself, and
 *   has done its work as soon as it shows something
 * @returns {Promise<Ran>}
 */
export function runLine(line, { env, limitMs = LIMIT_MS, follow = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', line], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid ?? 0;
    if (pid > 0) running.add(pid);
    const ran = { code: 1, stdout: '', stderr: '', ending: /** @type {Ran['ending']} */ ('by itself') };
    const end = (/** @type {Ran['ending']} */ ending) => {
      if (ran.ending !== 'by itself') return;
      ran.ending = ending;
      signal(pid, 'SIGTERM');
      setTimeout(() => signal(pid, 'SIGKILL'), END_MS).unref();
    };
    const timer = setTimeout(() => end('took too long'), limitMs);
    child.stdout.on('data', (chunk) => {
      ran.stdout += chunk;
      if (follow && ran.stdout.includes('\n')) end('followed');
    });
    child.stderr.on('data', (chunk) => {
      ran.stderr += chunk;
    });
    const gone = () => {
      clearTimeout(timer);
      running.delete(pid);
    };
    child.once('error', (error) => {
      gone();
      reject(error);
    });
    child.once('close', (code) => {
      gone();
      resolve({ ...ran, code: ran.ending === 'followed' ? 0 : (code ?? 1) });
    });
  });
}

/** Ends what still runs, where nobody is left to wait for it. */
export function endLines() {
  for (const pid of running) signal(pid, 'SIGKILL');
}

/** @param {number} pid of the group's leader @param {NodeJS.Signals} name */
function signal(pid, name) {
  try {
    if (running.has(pid)) process.kill(-pid, name);
  } catch {
    // It has just ended.
  }
}
