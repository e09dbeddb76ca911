import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holderOf, lockDirectory } from './lock.js';
import { Spool } from './spool/spool.js';
import { takeOrphans, takeSlot } from './spool/slots.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const HOLD = `
const { DatabaseSync } = await import('node:sqlite');
const db = new DatabaseSync(process.argv[1]);
db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
console.log('held');
setInterval(() => undefined, 1000);
`;

describe('a directory', () => {
  it('is held by one process, and free as soon as that one is killed', async () => {
    const other = spawn(process.execPath, ['--input-type=module', '-e', HOLD, join(root, 'lock')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    expect(lockDirectory(root)).toBeNull();
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = lockDirectory(root);
    expect(lock).not.toBeNull();
    expect(holderOf(root)).toBe(String(process.pid));
    expect(lockDirectory(root)).toBeNull();
    lock!.release();
    lockDirectory(root)!.release();
  });

  it('of a spool goes to one process each; what nobody holds and still has lines is an orphan', () => {
    const first = takeSlot(root);
    const second = takeSlot(root);
    expect(second.directory).not.toBe(first.directory);
    const spool = new Spool({ directory: second.directory, maxBytes: 1000 });
    spool.append('left\n');
    spool.close();
    expect(takeOrphans(root)).toEqual([]);
    second.lock.release();
    const [orphan, ...none] = takeOrphans(root);
    expect(orphan?.directory).toBe(second.directory);
    expect(none).toEqual([]);
    orphan!.lock.release();
    first.lock.release();
  });
});
