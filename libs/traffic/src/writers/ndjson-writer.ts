import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { LabelledTransaction } from '../labelled-transaction.js';

const BLOCK = 1 << 16;

/**
 * Writes one `{"transaction":…,"label":…}` a line; gzip where the name ends in `.gz`. An existing file is replaced.
 * @returns number of rows written
 */
export async function writeNdjson(
  path: string,
  rows: Iterable<LabelledTransaction> | AsyncIterable<LabelledTransaction>,
): Promise<number> {
  let count = 0;
  async function* blocks(): AsyncGenerator<string, void> {
    let block = '';
    for await (const row of rows) {
      count++;
      block += `${JSON.stringify(row)}\n`;
      if (block.length < BLOCK) continue;
      yield block;
      block = '';
    }
    yield block;
  }
  const source = Readable.from(blocks());
  const file = createWriteStream(path);
  await (path.endsWith('.gz') ? pipeline(source, createGzip(), file) : pipeline(source, file));
  return count;
}
