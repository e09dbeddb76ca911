import { parseTransaction } from '@fraud/contract';
import { toCurrent, type FxTable, type Pseudonyms } from '@fraud/features';
import type { DecisionRecord, LabelRecord } from '@fraud/records';
import { applyLabel } from '../apply-label.js';
import { commitDecision } from '../commit-decision.js';
import type { ScoringContext } from '../context.js';
import { score } from '../pipeline.js';
import { ownHistories, replayContext } from '../strategy.js';
import type { Artefacts, History } from './reproduction.js';

/** Records whose labels are asked for together. */
const AT_ONCE = 500;
/** What shares a merchant or an address with the decision has many cards. */
const BOUNDS = { maxCards: 200_000, maxMerchants: 20_000, maxDecisions: 1000 };

interface PendingLabel {
  readonly record: DecisionRecord;
  readonly label: LabelRecord;
  readonly atMs: number;
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
  let pending: PendingLabel[] = [];
  let earliestMs = Infinity;
  const know = async (nowMs: number): Promise<void> => {
    if (earliestMs > nowMs) return;
    const due = pending.filter(({ atMs }) => atMs <= nowMs);
    pending = pending.filter(({ atMs }) => atMs > nowMs);
    earliestMs = pending.reduce((least, { atMs }) => Math.min(least, atMs), Infinity);
    for (const { record, label } of due.toSorted((a, b) => a.atMs - b.atMs)) {
      const parsed = parseTransaction(record.transaction);
      if (parsed.ok) await applyLabel(parsed, label.fraud, context);
    }
  };
  for await (const records of grouped(history)) {
    const labels = await labelsOf(records, artefacts);
    for (const record of records) {
      await know(Date.parse(record.decision.decided_at));
      await trace(record, context);
      for (const label of labels.get(record.transaction.transaction_id) ?? []) {
        if (label.applied_at === undefined) continue;
        const atMs = Date.parse(label.applied_at);
        pending.push({ record, label, atMs });
        earliestMs = Math.min(earliestMs, atMs);
      }
    }
  }
  await know(untilMs);
  return context;
}

/** What one decided transaction left in the histories. */
async function trace(record: DecisionRecord, context: ScoringContext): Promise<void> {
  const parsed = parseTransaction(record.transaction);
  if (!parsed.ok) return;
  const { degraded } = record.decision;
  // It was let through, and the store was away for too long behind it.
  if (degraded.includes('bypassed') && record.appended_late !== true) return;
  // The table of its own time, which may have been another one.
  const amount = record.amount_reference ?? NaN;
  const own: ScoringContext = { ...context, fx: { version: '', convert: () => amount } };
  if (degraded.includes('features_unavailable') && record.appended_late !== true) {
    // The store was away: no log took it, and its counters followed when the store was back.
    const atMs = Date.parse(record.decision.decided_at);
    context.commits.add(commitDecision(toCurrent(parsed, own.fx), record.decision, false, atMs, undefined));
    return;
  }
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
