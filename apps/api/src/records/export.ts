import { mkdtemp, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { writeParquet, type DecisionRecord, type RecordsReader, type RecordsQuery } from '@fraud/records';

export const FORMATS = {
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
} as const;
export type Format = keyof typeof FORMATS;

/** Every record that a query means, a page at a time. */
export async function* recordsOf(
  store: Pick<RecordsReader, 'page'>,
  query: RecordsQuery,
): AsyncGenerator<readonly DecisionRecord[]> {
  let cursor = query.cursor;
  do {
    const page = await store.page(cursor === undefined ? query : { ...query, cursor });
    if (page.records.length > 0) yield page.records;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/** One JSON object a line; the reader of the stream says how fast. */
export function toNdjson(pages: AsyncIterable<readonly DecisionRecord[]>): Readable {
  return Readable.from(lines(pages));
}

async function* lines(pages: AsyncIterable<readonly DecisionRecord[]>): AsyncGenerator<string> {
  for await (const records of pages) yield records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** A Parquet file is written to the disk first: its end says where its parts are. */
export async function toParquet(pages: AsyncIterable<readonly DecisionRecord[]>): Promise<Readable> {
  const directory = await mkdtemp(join(tmpdir(), 'fraud-export-'));
  const gone = (): void => void rm(directory, { recursive: true, force: true });
  try {
    const file = join(directory, 'decisions.parquet');
    await writeParquet(pages, file);
    return createReadStream(file).once('close', gone);
  } catch (cause) {
    gone();
    throw cause;
  }
}
