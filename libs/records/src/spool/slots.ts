import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory, type DirectoryLock } from '../lock.js';
import { segmentsOf } from './segments.js';

/** Processes that share a directory at most. */
const MOST_SLOTS = 64;

/** A directory of a spool that this process holds. */
export interface Slot {
  readonly directory: string;
  readonly lock: DirectoryLock;
}

/**
 * Takes a place for a process that writes: the first that nobody holds, with what an earlier process left in it.
 * @throws where all are held
 */
export function takeSlot(root: string): Slot {
  for (let i = 0; i < MOST_SLOTS; i++) {
    const slot = tryTake(join(root, String(i)));
    if (slot !== null) return slot;
  }
  throw new Error(`${MOST_SLOTS} processes write to ${root} already`);
}

/** Takes the places that nobody holds and that still have lines in them. */
export function takeOrphans(root: string): Slot[] {
  mkdirSync(root, { recursive: true });
  return readdirSync(root).flatMap((name) => {
    const slot = tryTake(join(root, name));
    if (slot === null) return [];
    if (segmentsOf(slot.directory).length > 0) return [slot];
    slot.lock.release();
    return [];
  });
}

function tryTake(directory: string): Slot | null {
  const lock = lockDirectory(directory);
  return lock === null ? null : { directory, lock };
}
