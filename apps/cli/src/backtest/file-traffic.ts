import { basename } from 'node:path';
import { parseTransaction } from '@fraud/contract';
import type { LabelledTransaction } from '@fraud/traffic';
import type { RecordedTraffic } from '../replay/recorded-traffic.js';
import type { Known, PastTraffic, PastTransaction } from './past-traffic.js';

const GROUP = 512;

/**
 * Files as `replay` reads them. Nobody says what was decided. A fraud becomes known a delay after it happened.
 * @param files as they were named
 */
export function fileTraffic(
  traffic: RecordedTraffic,
  files: readonly string[],
  labelDelayMs: number,
): PastTraffic {
  const refused = new Map<string, number>();
  return {
    groups: groups(traffic.rows, labelDelayMs, refused),
    refused,
    origin: files.map((file) => basename(file)).join(', '),
    share: () => (traffic.totalBytes > 0 ? traffic.bytesRead() / traffic.totalBytes : null),
  };
}

async function* groups(
  rows: AsyncIterable<LabelledTransaction>,
  labelDelayMs: number,
  refused: Map<string, number>,
): AsyncGenerator<PastTransaction[], void> {
  let group: PastTransaction[] = [];
  for await (const { transaction, label } of rows) {
    const parsed = parseTransaction(transaction);
    if (!parsed.ok) {
      refused.set(parsed.code, (refused.get(parsed.code) ?? 0) + 1);
      continue;
    }
    const atMs = parsed.occurredAtMs;
    const fraud = label?.fraud === true;
    const known: Known = label === null ? 'unknown' : fraud ? 'fraud' : 'legitimate';
    const labels = fraud ? [{ fraud, knownAtMs: atMs + labelDelayMs }] : NO_LABELS;
    group.push({ parsed, atMs, decided: null, known, scenario: label?.scenario ?? null, labels });
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  yield group;
}

const NO_LABELS: PastTransaction['labels'] = [];
