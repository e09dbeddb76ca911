import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { identify, isAlive, isSameProcess } from './process-identity.mjs';
import { say } from './progress.mjs';

const GIVE_UP_MS = 15 * 60_000;
const POLL_MS = 200;

/** What this process holds: only here can its own pid in a lock file be true. */
const held = new Set();

/**
 * Runs `work` while holding the lock file, which names its holder by pid and start. A holder that died is replaced,
 * and so is a lock that names nobody: the system gives a dead holder's pid out again.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  const began = Date.now();
  let told = false;
  for (;;) {
    const holder = tryLock(file);
    if (holder === undefined) break;
    if (!told && holder !== 0) say(`Waiting for process ${holder}, which is preparing the same directory …`);
    told ||= holder !== 0;
    if (Date.now() - began > GIVE_UP_MS) {
      throw new Failure(`process ${holder} has held ${file} for too long`, `stop it, or delete ${file}`);
    }
    await sleep(POLL_MS);
  }
  held.add(path.resolve(file));
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
    held.delete(path.resolve(file));
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} the pid of the living holder, 0 when it died; undefined when the lock is now ours
 */
function tryLock(file) {
  const mine = `${file}.${process.pid}`;
  // The link appears with its content: nobody ever reads a lock without a holder in it.
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: identify(process.pid)?.started ?? '' }));
  try {
    linkSync(mine, file);
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return holderOrNobody(file);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @param {string} file */
function holderOrNobody(file) {
  const content = read(file);
  const holder = livingHolder(file, content);
  if (holder !== 0) return holder;
  // Two waiters may both see the dead holder: only the one whose rename takes that very file removes it.
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (read(aside) !== content) linkSync(aside, file);
    rmSync(aside, { force: true });
  } catch {
    // Somebody else was quicker; the next round sees the new state.
  }
  return 0;
}

/**
 * @param {string} file
 * @param {string} content
 * @returns {number} 0 where the holder is gone, or the content was not written by this lock
 */
function livingHolder(file, content) {
  const { pid, started } = parse(content);
  if (pid === process.pid) return held.has(path.resolve(file)) ? pid : 0;
  if (pid === 0) return 0;
  // Without a start (no `ps` there) a living pid has to do.
  const lives = started === '' ? isAlive(pid) : isSameProcess(identify(pid), { words: [], started });
  return lives ? pid : 0;
}

/** @param {string} content @returns {{ pid: number, started: string }} pid 0 where the format is another */
function parse(content) {
  try {
    const { pid, started } = JSON.parse(content);
    if (Number.isSafeInteger(pid) && pid > 0 && typeof started === 'string') return { pid, started };
  } catch {
    // Another format, such as the bare pid of earlier versions.
  }
  return { pid: 0, started: '' };
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
