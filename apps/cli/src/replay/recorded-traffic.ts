import { type LabelledTransaction, mergeByEventTime, openTraffic } from '@fraud/traffic';
import { UserError } from '../user-error.js';

/** The rows of one file or several, in order of event time, and how far they were read. */
export interface RecordedTraffic {
  readonly rows: AsyncIterable<LabelledTransaction>;
  readonly withLabels: boolean;
  readonly totalBytes: number;
  bytesRead(): number;
}

/**
 * Opens what the arguments of a command name.
 * @param given the value of --labels
 * @throws UserError, TrafficFileError
 */
export async function openRecorded(
  files: readonly string[],
  given?: true | string,
): Promise<RecordedTraffic> {
  const { paths, labels } = readArguments(files, given ?? false);
  if (typeof labels === 'string' && paths.length > 1)
    throw new UserError('--labels FILE goes with one file only');
  const sources = await Promise.all(paths.map((path) => openTraffic(path, { labels })));
  return {
    rows: sources.length === 1 ? sources[0]!.rows : mergeByEventTime(sources.map((s) => s.rows)),
    withLabels: labels !== false,
    totalBytes: sources.reduce((n, s) => n + s.totalBytes, 0),
    bytesRead: () => sources.reduce((n, s) => n + s.bytesRead(), 0),
  };
}

/** `--labels` may stand before the only file: then commander takes the file for the option's value. */
function readArguments(
  files: readonly string[],
  labels: boolean | string,
): { paths: readonly string[]; labels: boolean | string } {
  if (files.length > 0) return { paths: files, labels };
  if (typeof labels === 'string') return { paths: [labels], labels: true };
  throw new UserError('Give a file or a Handbook directory to replay');
}
