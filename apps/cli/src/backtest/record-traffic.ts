import { parseTransaction } from '@fraud/contract';
import type { DecisionRecord, LabelRecord, RecordsReader } from '@fraud/records';
import type { Known, PastTraffic, PastTransaction } from './past-traffic.js';
import type { Period } from './period.js';

const PAGE = 500;

export interface RecordTrafficOptions {
  /**
   * A transaction that was let through, and of which nothing is known after so long, ms, is taken for legitimate. One that was
   * stopped has no chance to turn out a fraud: it stays unknown.
   */
  readonly maturityMs: number;
  readonly nowMs: number;
}

/**
 * Recorded decisions, in the order in which they were made. Labels reach features when they became known.
 * Reading it may throw RecordsUnavailable.
 */
export function recordTraffic(
  reader: Pick<RecordsReader, 'page' | 'labels'>,
  period: Period,
  options: RecordTrafficOptions,
): PastTraffic {
  const refused = new Map<string, number>();
  return {
    groups: groups(reader, period, options, refused),
    refused,
    origin: 'the records',
    share: () => null,
  };
}

async function* groups(
  reader: Pick<RecordsReader, 'page' | 'labels'>,
  { warmFromMs, toMs }: Period,
  options: RecordTrafficOptions,
  refused: Map<string, number>,
): AsyncGenerator<PastTransaction[], void> {
  const query = {
    order: 'oldest',
    limit: PAGE,
    ...(Number.isFinite(warmFromMs) && { fromMs: warmFromMs }),
    ...(Number.isFinite(toMs) && { toMs }),
  } as const;
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await reader.page(cursor === undefined ? query : { ...query, cursor });
    const labels = await labelsOf(reader, page.records);
    const group: PastTransaction[] = [];
    for (const record of page.records) {
      const parsed = parseTransaction(record.transaction);
      if (!parsed.ok) {
        // Recorded by a version that took it.
        refused.set(parsed.code, (refused.get(parsed.code) ?? 0) + 1);
        continue;
      }
      const { decision, score = null, source, decided_at } = record.decision;
      const atMs = Date.parse(decided_at);
      const theirs = labels.get(record.transaction.transaction_id) ?? [];
      group.push({
        parsed,
        atMs,
        decided: { outcome: decision, score, source },
        known: knownOf(theirs, record, atMs, options),
        scenario: null,
        labels: theirs.map(({ fraud, labelled_at }) => ({ fraud, knownAtMs: Date.parse(labelled_at) })),
      });
    }
    yield group;
    cursor = page.next;
  }
}

/** The labels of records, oldest first. */
async function labelsOf(
  reader: Pick<RecordsReader, 'labels'>,
  records: readonly DecisionRecord[],
): Promise<Map<string, LabelRecord[]>> {
  const byId = new Map<string, LabelRecord[]>();
  if (records.length === 0) return byId;
  const found = await reader.labels(records.map(({ transaction }) => transaction.transaction_id));
  for (const label of found.toSorted((a, b) => Date.parse(a.labelled_at) - Date.parse(b.labelled_at))) {
    const theirs = byId.get(label.transaction_id);
    if (theirs === undefined) byId.set(label.transaction_id, [label]);
    else theirs.push(label);
  }
  return byId;
}

function knownOf(
  labels: readonly LabelRecord[],
  { decision }: DecisionRecord,
  atMs: number,
  { maturityMs, nowMs }: RecordTrafficOptions,
): Known {
  const last = labels.at(-1);
  if (last !== undefined) return last.fraud ? 'fraud' : 'legitimate';
  const letThrough = decision.decision === 'approve' || decision.decision === 'step_up';
  return letThrough && nowMs - atMs >= maturityMs ? 'legitimate' : 'unknown';
}
