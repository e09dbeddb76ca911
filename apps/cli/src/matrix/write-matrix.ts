import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../user-error.js';
import type { FeatureRows } from './feature-rows.js';
import { knownBy } from './known-by.js';
import { findLookAhead } from './look-ahead.js';
import type { LabelledTraffic, MatrixTraffic } from './matrix-traffic.js';
import { ParquetMatrix } from './parquet-matrix.js';
import { StoredVectors } from './stored-vectors.js';

const BATCH = 256;
/** Odd, so that what a row could see of those behind it in its batch is not the same. */
const PREFIX_BATCH = 97;
/** Where in its event time the traffic is cut off to look for features that know what comes behind. */
const CUT = 0.5;

/** What computes vectors: `featureRows` on an empty replay. */
export interface Features {
  readonly names: readonly string[];
  rows(traffic: LabelledTraffic, batch: number): AsyncIterable<FeatureRows>;
}

export interface MatrixOptions {
  readonly labelDelayMs: number;
  /** Of the features, for matrix.json. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly show?: (step: string, rows: number) => void;
}

export interface Written {
  readonly rows: number;
  readonly frauds: number;
}

/**
 * Writes matrix.parquet and, last, matrix.json into a directory. In between the first half of the traffic is computed once more,
 * from what was known at its end.
 * @throws UserError that names a feature which knows the future; there is no matrix.json then
 */
export async function writeMatrix(
  directory: string,
  traffic: MatrixTraffic,
  features: Features,
  { labelDelayMs, about, show }: MatrixOptions,
): Promise<Written> {
  const parquet = join(directory, 'matrix.parquet');
  const json = join(directory, 'matrix.json');
  await mkdir(directory, { recursive: true });
  await rm(json, { force: true });
  const matrix = new ParquetMatrix(parquet, features.names);
  let first = NaN;
  let last = NaN;
  for await (const { rows, vectors } of features.rows(await traffic.open(), BATCH)) {
    for (const [i, row] of rows.entries()) await matrix.add(row, vectors[i]!);
    if (Number.isNaN(first)) first = Date.parse(rows[0]!.transaction.occurred_at);
    last = Date.parse(rows.at(-1)!.transaction.occurred_at);
    show?.('', matrix.rows);
  }
  await matrix.close();
  if (matrix.rows === 0) throw new UserError('there is no traffic to make a matrix of');

  const cut = first + CUT * (last - first);
  let compared = 0;
  const prefix = features.rows(knownBy(await traffic.open(), cut, labelDelayMs), PREFIX_BATCH);
  const found = await findLookAhead(
    await StoredVectors.open(parquet, features.names),
    onEach(prefix, (rows) => {
      compared += rows;
      show?.('checked: ', compared);
    }),
  );
  if (found !== null) {
    const { transaction_id: id, occurred_at } = found.row.transaction;
    throw new UserError(
      `the feature ${found.feature} knows the future: its value for transaction ${id} of ${occurred_at} is another ` +
        `one when all that came after ${new Date(cut).toISOString()} is left out. No model may learn from it`,
    );
  }
  const { rows, frauds } = matrix;
  const description = {
    ...about,
    rows,
    frauds,
    ...traffic.origin,
    label_delay_ms: labelDelayMs,
    compared_rows: compared,
  };
  await writeFile(json, `${JSON.stringify(description, null, 2)}\n`);
  return { rows, frauds };
}

async function* onEach(
  batches: AsyncIterable<FeatureRows>,
  seen: (rows: number) => void,
): AsyncGenerator<FeatureRows, void> {
  for await (const batch of batches) {
    yield batch;
    seen(batch.rows.length);
  }
}
