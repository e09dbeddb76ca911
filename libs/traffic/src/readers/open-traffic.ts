import { access, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LabelledTransaction } from '../labelled-transaction.js';
import { type ByteSource, byteSource, firstLine } from './byte-source.js';
import { isHandbookHeader, readHandbook } from './handbook.js';
import { readHandbookLabels } from './handbook-labels.js';
import { readNdjson } from './ndjson.js';
import { isSparkovHeader, readSparkov } from './sparkov.js';
import { ACCEPTED, TrafficFileError } from './traffic-file-error.js';

export type TrafficKind = 'handbook' | 'sparkov' | 'ndjson';

/** Recorded traffic, being read. */
export interface TrafficSource {
  readonly kind: TrafficKind;
  readonly path: string;
  /** The rows in the order of the file; to be iterated once. Throws TrafficFileError with the line. */
  readonly rows: AsyncIterable<LabelledTransaction>;
  /** Size of the file on disk and how much of it was read, for a progress bar. */
  readonly totalBytes: number;
  bytesRead(): number;
}

export interface OpenTrafficOptions {
  /** Whether rows carry labels; a path names the labels file where it does not lie beside the transactions. */
  readonly labels?: boolean | string;
}

/**
 * Opens a file of recorded traffic; what it is shows in its first line, not in its name.
 * @throws TrafficFileError that says what is accepted
 */
export async function openTraffic(path: string, options: OpenTrafficOptions = {}): Promise<TrafficSource> {
  const labels = options.labels ?? false;
  const file = await byteSource(await transactionsFile(path));
  const header = await firstLine(file);
  const kind = kindOf(header);
  if (kind === null) throw new TrafficFileError(file.path, `not recognised. ${ACCEPTED}`);
  if (typeof labels === 'string' && kind !== 'handbook') {
    throw new TrafficFileError(file.path, 'has its labels inside; a labels file goes with the Handbook only');
  }
  const source = await byteSource(file.path);
  return {
    kind,
    path: source.path,
    rows: await rowsOf(kind, source, labels),
    totalBytes: source.totalBytes,
    bytesRead: () => source.bytesRead(),
  };
}

async function rowsOf(
  kind: TrafficKind,
  source: ByteSource,
  labels: boolean | string,
): Promise<AsyncIterable<LabelledTransaction>> {
  switch (kind) {
    case 'sparkov':
      return readSparkov(source, labels !== false);
    case 'ndjson':
      return readNdjson(source, labels !== false);
    case 'handbook': {
      if (labels === false) return readHandbook(source, null);
      const path = labels === true ? await beside(dirname(source.path), 'labels') : labels;
      return readHandbook(source, await readHandbookLabels(path));
    }
  }
}

function kindOf(header: string): TrafficKind | null {
  if (header.trimStart().startsWith('{')) return 'ndjson';
  if (isHandbookHeader(header)) return 'handbook';
  return isSparkovHeader(header) ? 'sparkov' : null;
}

async function transactionsFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true ? await beside(path, 'transactions') : path;
}

/** `<name>.csv.gz` or `<name>.csv` in a directory. */
async function beside(directory: string, name: string): Promise<string> {
  for (const file of [`${name}.csv.gz`, `${name}.csv`]) {
    const path = join(directory, file);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  throw new TrafficFileError(directory, `has no ${name}.csv.gz. ${ACCEPTED}`);
}
