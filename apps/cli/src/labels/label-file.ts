import { parseLabel } from '@fraud/contract';
import { byteSource, TrafficFileError } from '@fraud/traffic';
import type { ApiClient } from '../http/api-client.js';
import { Progress } from '../report/progress.js';
import { UserError } from '../user-error.js';
import { readLabelRows, type LabelDefaults } from './label-rows.js';
import { sendLabels, type LabelOfLine } from './send-labels.js';

/** Labels that go together. */
const BATCH = 1000;
const MOST_FAULTS = 10;

export interface SentLabels {
  fraud: number;
  legitimate: number;
}

/**
 * Says every fault of a file before anything of it is sent.
 * @param latestMs labels of after this moment are faults
 * @throws UserError, TrafficFileError
 */
export async function checkLabelFile(path: string, defaults: LabelDefaults, latestMs: number): Promise<void> {
  const faults: string[] = [];
  let wrong = 0;
  let rows = 0;
  for await (const { line, value } of readLabelRows(() => byteSource(path), defaults)) {
    rows += 1;
    const parsed = parseLabel(value, '', latestMs);
    if (parsed.ok) continue;
    wrong += 1;
    if (faults.length < MOST_FAULTS)
      faults.push(
        `line ${line}: ${parsed.errors.map(({ field, message }) => `${field} ${message}`).join('; ')}`,
      );
  }
  if (rows === 0) throw new TrafficFileError(path, 'holds no label');
  if (wrong === 0) return;
  const more = wrong > faults.length ? `\n  and ${wrong - faults.length} lines more` : '';
  throw new UserError(
    `${path}: nothing was sent, ${wrong} of ${rows} labels are not valid\n  ${faults.join('\n  ')}${more}`,
  );
}

/** Sends a file that was checked, with its progress. @throws UserError */
export async function sendLabelFile(
  path: string,
  defaults: LabelDefaults,
  client: Pick<ApiClient, 'post'>,
): Promise<SentLabels> {
  let source = await byteSource(path);
  const open = async (): Promise<typeof source> => (source = await byteSource(path));
  const progress = new Progress(source.totalBytes);
  const sent: SentLabels = { fraud: 0, legitimate: 0 };
  let batch: LabelOfLine[] = [];
  const send = async (): Promise<void> => {
    await sendLabels(client, batch, sent.fraud + sent.legitimate);
    for (const { label } of batch) sent[label.label] += 1;
    progress.update(batch.length, source.bytesRead());
    batch = [];
  };
  try {
    for await (const { line, value } of readLabelRows(open, defaults)) {
      const parsed = parseLabel(value);
      if (!parsed.ok) throw new UserError(`${path} was changed while it was sent`);
      batch.push({ line, label: parsed.label });
      if (batch.length === BATCH) await send();
    }
    if (batch.length > 0) await send();
  } finally {
    progress.end();
  }
  return sent;
}
