import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { isAlive } from './process-identity.mjs';
import { say } from './progress.mjs';

const GIVE_UP_MS = 15 * 60_000;
const POLL_MS = 200;

/**
 * Runs `work` while holding the lock file, which names its holder's pid. A holder that died is replaced.
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
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} the pid of the living holder, 0 when it died; undefined when the lock is now ours
 */
function tryLock(file) {
  const mine = `${file}.${process.pid}`;
  // The link appears with its content: nobody ever reads a lock without a pid in it.
  writeFileSync(mine, String(process.pid));
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
  const holder = readPid(file);
  if (holder !== 0 && isAlive(holder)) return holder;
  // Two waiters may both see the dead holder: only the one whose rename takes that very file removes it.
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readPid(aside) !== holder) linkSync(aside, file);
    rmSync(aside, { force: true });
  } catch {
    // Somebody else was quicker; the next round sees the new state.
  }
  return 0;
}

/** @param {string} file */
function readPid(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}
