import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { pause } from './pause.mjs';

/** Of the kernel's flags of a process, include/linux/sched.h. */
const PF_EXITING = 0x4;
const PF_KTHREAD = 0x200000;
/** Some processes have made their command line empty themselves. */
const EXEC_WITHIN_MS = 1_000;

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * What tells a process from a later one with the same pid: its command line and its start time (Linux: clock
 * ticks since boot). Undefined when there is no such process.
 * @param {number} pid
 * @returns {{ command: string, started: string } | undefined}
 */
export function identify(pid) {
  if (!isAlive(pid)) return undefined;
  try {
    if (process.platform === 'linux')
      return { command: linuxCommand(pid), started: statFields(pid)[19] ?? '' };
    const line = execFileSync('ps', ['-o', 'lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      // Two that ask about one process must read the same start, whatever their own time zone and language.
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    }).trim();
    return { started: line.slice(0, 24), command: line.slice(24).trim() };
  } catch {
    return undefined;
  }
}

/**
 * Whether `pid` still is the process that was started: every word is in its command line and it began when the
 * record says. A pid alone proves nothing, because the system gives it out again.
 * @param {{ command: string, started: string } | undefined} found
 * @param {{ words: readonly string[], started: string }} expected
 */
export function isSameProcess(found, expected) {
  if (!found || found.started !== expected.started) return false;
  return expected.words.every((word) => found.command.includes(word));
}

/**
 * Empty when it ends. It is empty for a moment, too, when the process becomes another program: then the next one is read.
 * @param {number} pid
 */
function linuxCommand(pid) {
  const began = Date.now();
  for (;;) {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    if (command !== '' || hasNoCommand(pid) || Date.now() - began > EXEC_WITHIN_MS) return command;
    pause();
  }
}

/** @param {number} pid */
function hasNoCommand(pid) {
  return (Number(statFields(pid)[6]) & (PF_EXITING | PF_KTHREAD)) !== 0;
}

/**
 * Fields of /proc/<pid>/stat from the third (state) on; the second may itself hold spaces.
 * @param {number | string} pid or <pid>/task/<thread>
 */
export function statFields(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** The first thread may be dead while others still hold the memory and the ports. @param {number} pid */
function isZombie(pid) {
  if (process.platform !== 'linux') return false;
  try {
    return statFields(pid)[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length === 1;
  } catch {
    return false;
  }
}
