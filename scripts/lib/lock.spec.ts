import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

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
    writeFileSync(file, '2147483646');
    await expect(withLock(file, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is released when the work fails', async () => {
    const file = path.join(directory, 'c.lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(directory)).toEqual([]);
  });
});
