import type { LabelledTransaction } from '@fraud/traffic';

/** Rows that are scored together, and the frauds that become known just before them. */
export interface LabelledBatch {
  readonly rows: readonly LabelledTransaction[];
  readonly known: readonly LabelledTransaction[];
}

/**
 * Groups rows, in order of event time, so that each row is scored with exactly the labels that are known by then: a fraud
 * becomes known a delay after it happened, and a batch ends where one does.
 * @param delayMs null: nothing ever becomes known
 * @param limit most rows in all
 */
export async function* labelledBatches(
  rows: Iterable<LabelledTransaction> | AsyncIterable<LabelledTransaction>,
  size: number,
  delayMs: number | null,
  limit = Infinity,
): AsyncGenerator<LabelledBatch, void> {
  const pending: { readonly row: LabelledTransaction; readonly knownAt: number }[] = [];
  let next = 0;
  let batch: LabelledTransaction[] = [];
  let known: LabelledTransaction[] = [];
  let taken = 0;
  for await (const row of rows) {
    if (taken >= limit) break;
    const now = Date.parse(row.transaction.occurred_at);
    if (next < pending.length && pending[next]!.knownAt <= now) {
      if (batch.length > 0) yield { rows: batch, known };
      batch = [];
      known = [];
      while (next < pending.length && pending[next]!.knownAt <= now) known.push(pending[next++]!.row);
    }
    batch.push(row);
    taken++;
    if (delayMs !== null && row.label?.fraud === true) pending.push({ row, knownAt: now + delayMs });
    if (batch.length < size) continue;
    yield { rows: batch, known };
    batch = [];
    known = [];
  }
  if (batch.length > 0) yield { rows: batch, known };
}
