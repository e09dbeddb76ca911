import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { pause } from './pause.mjs';
import { isAlive, statFields } from './process-identity.mjs';

const STOP_WITHIN_MS = 5_000;

/**
 * Stops a process and all that descends from it, also what has a process group or a session of its own. Each stands still
 * before its children are looked for: it starts no more, and it takes note of no end, so their pids are given to nobody else.
 * @param {number} pid
 * @returns {number[]} those that stand still, parents first
 */
export function freeze(pid) {
  return stop(pid) ? [pid, ...childrenOf(pid).flatMap(freeze)] : [];
}

/** Lets a process that stands still go on, after all that descends from it. @param {number} pid */
export function thaw(pid) {
  if (!isAlive(pid) || !isStopped(pid)) return;
  childrenOf(pid).forEach(thaw);
  send(pid, 'SIGCONT');
}

/**
 * Returns when it stands still: a signal takes effect a moment after it is sent.
 * @param {number} pid
 * @returns {boolean} false: it has ended
 */
function stop(pid) {
  if (!isAlive(pid) || !send(pid, 'SIGSTOP')) return false;
  const began = Date.now();
  while (!isStopped(pid)) {
    if (!isAlive(pid)) return false;
    if (Date.now() - began > STOP_WITHIN_MS) throw new Error(`process ${pid} does not stop`);
    pause();
  }
  return true;
}

/** @param {number} pid @param {NodeJS.Signals} name @returns {boolean} false: it has just ended */
function send(pid, name) {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
    throw error;
  }
}

/** @param {number} pid */
function isStopped(pid) {
  try {
    const states =
      process.platform === 'linux'
        ? readdirSync(`/proc/${pid}/task`).map((thread) => statFields(`${pid}/task/${thread}`)[0])
        : [ps('-o', 'stat=', '-p', String(pid))];
    return states.every((state) => /^T/i.test(state ?? ''));
  } catch {
    // It, or a thread of it, has just ended.
    return false;
  }
}

/** @param {number} pid */
function childrenOf(pid) {
  return parents().flatMap(([child, parent]) => (parent === pid ? [child] : []));
}

/** @returns {[pid: number, parent: number][]} of every process */
function parents() {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), linuxParent(name)]);
  return ps('-A', '-o', 'pid=,ppid=')
    .split('\n')
    .map((line) => {
      const [pid = '', parent = ''] = line.trim().split(/\s+/);
      return [Number(pid), Number(parent)];
    });
}

/** @param {string} pid */
function linuxParent(pid) {
  try {
    return Number(statFields(pid)[1]);
  } catch {
    return 0;
  }
}

/** @param {...string} options */
function ps(...options) {
  return execFileSync('ps', options, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).trim();
}
