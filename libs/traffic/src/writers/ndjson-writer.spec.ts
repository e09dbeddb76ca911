import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LabelledTransaction } from '../labelled-transaction.js';
import { simulate } from '../simulator/simulate.js';
import { writeNdjson } from './ndjson-writer.js';

describe('writeNdjson', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ndjson-'));
    path = join(directory, 'traffic.ndjson');
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Rows without an end, of which the one after `n` does something. */
  function* rowsThen(n: number, then: () => void): Generator<LabelledTransaction> {
    const [row] = simulate({ cards: 1, days: 30 });
    for (let i = 0; ; i++) {
      if (i === n) then();
      yield row!;
    }
  }

  it('shows the file under its name only when it is complete', async () => {
    const seen: string[][] = [];
    async function* watched(): AsyncGenerator<LabelledTransaction> {
      for (const row of simulate({ cards: 20, days: 3 })) {
        if (seen.length === 0) seen.push(await readdir(directory));
        yield row;
      }
    }
    await writeNdjson(path, watched());
    expect(seen).toEqual([['traffic.ndjson.partial']]);
    expect(await readdir(directory)).toEqual(['traffic.ndjson']);
  });

  it.each(['traffic.ndjson', 'traffic.ndjson.gz'])(
    'leaves nothing of %s when it is stopped',
    async (name) => {
      const stop = new AbortController();
      const rows = rowsThen(5000, () => stop.abort());
      expect(await writeNdjson(join(directory, name), rows, stop.signal)).toBeNull();
      expect(await readdir(directory)).toEqual([]);
    },
  );

  it('writes nothing when it was stopped before', async () => {
    const rows = simulate({ cards: 20, days: 3 });
    expect(await writeNdjson(path, rows, AbortSignal.abort())).toBeNull();
    expect(await readdir(directory)).toEqual([]);
  });

  it('keeps the file that was there when the rows fail', async () => {
    await writeFile(path, 'before');
    const failing = rowsThen(5000, () => {
      throw new Error('no more rows');
    });
    await expect(writeNdjson(path, failing)).rejects.toThrow('no more rows');
    expect(await readdir(directory)).toEqual(['traffic.ndjson']);
    expect(await readFile(path, 'utf8')).toBe('before');
  });

  it('writes through a link, and straight into what is not a file', async () => {
    await writeFile(path, '');
    await symlink(path, join(directory, 'link'));
    expect(await writeNdjson(join(directory, 'link'), simulate({ cards: 20, days: 3 }))).toBeGreaterThan(0);
    expect((await readFile(path, 'utf8')).length).toBeGreaterThan(0);
    expect(await writeNdjson('/dev/null', simulate({ cards: 20, days: 3 }))).toBeGreaterThan(0);
    expect((await readdir(directory)).toSorted()).toEqual(['link', 'traffic.ndjson']);
  });
});
