import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** The number of a Handbook transaction, as its published features name it. */
export const numberOf = (transactionId: string): string => /\d+$/.exec(transactionId)![0];

/**
 * Columns of the first rows of the Handbook's published features, by the transaction's number. They begin on 4 June.
 * @param data the directory of reference data
 */
export async function publishedFeatures(
  data: string,
  names: readonly string[],
  limit: number,
): Promise<Map<string, readonly number[]>> {
  const file = path.join(data, 'handbook/published_features_0604_0807.csv.gz');
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) });
  const published = new Map<string, readonly number[]>();
  let columns: readonly number[] | undefined;
  for await (const line of lines) {
    const cells = line.split(',');
    if (columns === undefined) {
      columns = names.map((name) => cells.indexOf(name));
      continue;
    }
    published.set(
      cells[0]!,
      columns.map((c) => Number(cells[c])),
    );
    if (published.size === limit) break;
  }
  return published;
}
