import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { LabelledTransaction } from '../labelled-transaction.js';

const BLOCK = 1 << 16;

/**
 * Writes one `{"transaction":…,"label":…}` a line; gzip where the name ends in `.gz`. The file appears, or replaces
 * an existing one, when it is complete: until then it is `<path>.partial`, which does not outlive a failure.
 * @param signal stops the writing
 * @returns number of rows written, null when it was stopped
 */
export async function writeNdjson(
  path: string,
  rows: Iterable<LabelledTransaction> | AsyncIterable<LabelledTransaction>,
  signal?: AbortSignal,
): Promise<number | null> {
  const stopped = (): boolean => signal?.aborted === true;
  if (stopped()) return null;
  const { partial, final } = await targetOf(path);
  // A handle of our own: a stream that is destroyed while it opens would make the file after its removal.
  const file = await open(partial, 'w');
  try {
    const count = { rows: 0 };
    const source = Readable.from(blocks(rows, count));
    const sink = file.createWriteStream();
    const options = signal === undefined ? {} : { signal };
    await (path.endsWith('.gz')
      ? pipeline(source, createGzip(), sink, options)
      : pipeline(source, sink, options));
    if (partial !== final) await rename(partial, final);
    return count.rows;
  } catch (error) {
    await file.close().catch(() => undefined);
    if (partial !== final) await rm(partial, { force: true });
    if (stopped()) return null;
    throw error;
  }
}

/** A pipe or a device has no place beside it and nothing to replace; a link keeps pointing where it points. */
async function targetOf(path: string): Promise<{ partial: string; final: string }> {
  const found = await stat(path).catch(() => null);
  if (found !== null && !found.isFile()) return { partial: path, final: path };
  const final = found === null ? path : await realpath(path);
  return { partial: `${final}.partial`, final };
}

async function* blocks(
  rows: Iterable<LabelledTransaction> | AsyncIterable<LabelledTransaction>,
  count: { rows: number },
): AsyncGenerator<string, void> {
  let block = '';
  for await (const row of rows) {
    count.rows++;
    block += `${JSON.stringify(row)}\n`;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  yield block;
}
