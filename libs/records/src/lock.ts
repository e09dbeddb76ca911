import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A directory that this process holds; the system lets go of it when the process ends, however it ends. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a directory for this process alone.
 * @returns null where another process holds it
 */
export function lockDirectory(directory: string): DirectoryLock | null {
  // What lies in there is personal data.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // The lock of SQLite is one of the system's, on every platform; nothing is kept in the file.
  const database = new DatabaseSync(join(directory, 'lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw cause;
  }
  writeFileSync(join(directory, 'holder'), String(process.pid));
  return {
    release: () => {
      database.close();
    },
  };
}

const SQLITE_BUSY = 5;

/** Who held it last, for people. */
export function holderOf(directory: string): string | null {
  try {
    return readFileSync(join(directory, 'holder'), 'utf8');
  } catch {
    return null;
  }
}
