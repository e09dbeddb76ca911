import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { UserError } from '../../user-error.js';
import type { Rows } from './rows.js';

/**
 * The rows of a matrix that the `matrix` command wrote, one row group at a time.
 * @throws UserError where it lacks a feature
 */
export async function* matrixRows(directory: string, features: readonly string[]): AsyncGenerator<Rows, void> {
  const file = await asyncBufferFromFile(join(directory, 'matrix.parquet'));
  const metadata = await parquetMetadataAsync(file);
  const present = new Set(parquetSchema(metadata).children.map(({ element }) => element.name));
  const missing = [...features, 'label', 'occurred_at_ms'].filter((name) => !present.has(name));
  if (missing.length > 0)
    throw new UserError(`${directory} was made on another feature catalogue: it lacks ${missing.join(', ')}`);
  let begin = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    yield await readGroup(begin, rows);
    begin += rows;
  }

  async function readGroup(from: number, rows: number): Promise<Rows> {
    const places = new Map(features.map((name, i) => [name, i]));
    const vectors = new Float32Array(rows * features.length);
    const frauds = new Uint8Array(rows);
    const atMs: number[] = Array.from<number>({ length: rows });
    await parquetRead({
      file,
      metadata,
      columns: [...features, 'label', 'occurred_at_ms'],
      rowStart: from,
      rowEnd: from + rows,
      onChunk({ columnName, columnData, rowStart }) {
        const place = places.get(columnName);
        for (let i = 0; i < columnData.length; i++) {
          const row = rowStart + i - from;
          const value: unknown = columnData[i];
          if (place !== undefined) vectors[row * features.length + place] = Number(value);
          else if (columnName === 'label') frauds[row] = value === true ? 1 : 0;
          else atMs[row] = Number(value);
        }
      },
    });
    return { vectors, frauds, atMs };
  }
}
