import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';
import { identify } from './process-identity.mjs';

describe('the lock', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'lock-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('lets one work at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(path.join(directory, 'a.lock'), work)));
    expect(most).toBe(1);
  });

  it('takes over from a holder that died, and leaves nothing behind', async () => {
    const file = path.join(directory, 'b.lock');
    writeFileSync(file, JSON.stringify({ pid: 2147483646, started: '1' }));
    await expect(withLock(file, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(readdirSync(directory)).toEqual([]);
  });

  const started = identify(process.ppid)?.started;

  it.each([
    ['a later process with the pid of its holder', JSON.stringify({ pid: process.ppid, started: '4711' })],
    ['this process, which does not hold it', JSON.stringify({ pid: process.pid, started: '4711' })],
    [
      'this process and its start, left by a release that failed',
      JSON.stringify({ pid: process.pid, started: identify(process.pid)?.started }),
    ],
    ['a bare pid, as earlier versions wrote it', String(process.ppid)],
    ['nobody', ''],
    ['something else', '{"pid":"1"}'],
    ['null', 'null'],
  ])('is stale when it names %s', async (_, content) => {
    const file = path.join(directory, 'd.lock');
    writeFileSync(file, content);
    await expect(withLock(file, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('waits for a holder that lives', async () => {
    const file = path.join(directory, 'e.lock');
    writeFileSync(file, JSON.stringify({ pid: process.ppid, started }));
    let done = false;
    const work = withLock(file, () => Promise.resolve((done = true)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(done).toBe(false);
    rmSync(file);
    await expect(work).resolves.toBe(true);
  });

  it('is released when the work fails', async () => {
    const file = path.join(directory, 'c.lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(directory)).toEqual([]);
  });
});
