import { parseTransaction, type ParsedTransaction } from '@fraud/contract';
import type { FxTable, Pseudonyms } from '@fraud/features';
import type { DecisionRecord, LabelRecord } from '@fraud/records';
import { applyLabel } from '../apply-label.js';
import type { ScoringContext } from '../context.js';
import { score } from '../pipeline.js';
import { ownHistories, replayContext } from '../strategy.js';
import type { Artefacts, History } from './reproduction.js';

/** Records whose labels are asked for together. */
const AT_ONCE = 500;
/** What shares a merchant or an address with the decision has many cards. */
const BOUNDS = { maxCards: 200_000, maxMerchants: 20_000, maxDecisions: 1000 };

/** Something that histories came to know later than its decision was made. */
interface Event {
  readonly atMs: number;
  readonly happen: () => Promise<unknown>;
}

/**
 * Histories as they were when a decision was made, by the pipeline: what was decided before leaves its traces in its order, and
 * labels when features were told.
 * @param untilMs moment of the decision
 */
export async function pastHistories(
  history: History,
  untilMs: number,
  artefacts: Pick<Artefacts, 'labels'>,
  tables: { readonly fx: FxTable; readonly pseudonyms: Pseudonyms },
): Promise<ScoringContext> {
  const context = replayContext(tables, ownHistories(BOUNDS));
  let pending: Event[] = [];
  let earliestMs = Infinity;
  const expect = (event: Event): void => {
    pending.push(event);
    earliestMs = Math.min(earliestMs, event.atMs);
  };
  const until = async (nowMs: number): Promise<void> => {
    if (earliestMs > nowMs) return;
    const due = pending.filter(({ atMs }) => atMs <= nowMs);
    pending = pending.filter(({ atMs }) => atMs > nowMs);
    earliestMs = pending.reduce((least, { atMs }) => Math.min(least, atMs), Infinity);
    for (const { happen } of due.toSorted((a, b) => a.atMs - b.atMs)) await happen();
  };
  for await (const records of grouped(history)) {
    const labels = await labelsOf(records, artefacts);
    for (const record of records) {
      const parsed = parseTransaction(record.transaction);
      if (!parsed.ok) continue;
      const { decided_at: decidedAt, degraded } = record.decision;
      await until(Date.parse(decidedAt));
      const without = degraded.includes('features_unavailable') || degraded.includes('bypassed');
      // What was decided without the store came to the histories later, or never.
      const seenAt = without ? record.appended_at : decidedAt;
      if (seenAt === decidedAt) await trace(parsed, record, context);
      else if (seenAt !== undefined)
        expect({ atMs: Date.parse(seenAt), happen: () => trace(parsed, record, context) });
      for (const { fraud, applied_at: appliedAt } of labels.get(record.transaction.transaction_id) ?? [])
        if (appliedAt !== undefined)
          expect({ atMs: Date.parse(appliedAt), happen: () => applyLabel(parsed, fraud, context) });
    }
  }
  await until(untilMs);
  return context;
}

/** What one transaction left in the histories. */
async function trace(
  parsed: ParsedTransaction,
  record: DecisionRecord,
  context: ScoringContext,
): Promise<void> {
  // The table of its own time, which may have been another one.
  const amount = record.amount_reference ?? NaN;
  const own: ScoringContext = { ...context, fx: { version: '', convert: () => amount } };
  await score([{ parsed, arrivedAt: performance.now() }], own);
}

async function* grouped(history: History): AsyncGenerator<DecisionRecord[], void> {
  let group: DecisionRecord[] = [];
  for await (const record of history) {
    group.push(record);
    if (group.length < AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function labelsOf(
  records: readonly DecisionRecord[],
  artefacts: Pick<Artefacts, 'labels'>,
): Promise<Map<string, LabelRecord[]>> {
  const found = await artefacts.labels(records.map(({ transaction }) => transaction.transaction_id));
  return Map.groupBy(found, ({ transaction_id }) => transaction_id);
}
