import type { Decision, ParsedTransaction } from '@fraud/contract';
import { parseTransaction } from '@fraud/contract';
import type { RecordsReader } from '@fraud/records';
import type { DecisionReplay } from '@fraud/scoring';
import type { Known } from '../backtest/past-traffic.js';
import { WARMUP_MS } from '../backtest/period.js';
import { pointInTime } from '../backtest/point-in-time.js';
import { recordTraffic } from '../backtest/record-traffic.js';

const PAGE = 500;
/** Chargebacks come within it, but for a few. */
const MATURITY_MS = 45 * 86_400_000;

/** One transaction that was let through. */
export interface LetThrough {
  readonly parsed: ParsedTransaction;
  /** When, ms since the epoch. */
  readonly atMs: number;
  /** What it would have been; `conflict`, refused: its id had been decided with other content. */
  readonly wouldBe: Decision | 'conflict';
  /** It had been decided before the bypass: that decision would have been the answer again. */
  readonly before: boolean;
  readonly known: Known;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When the first transaction of a time was let through; null where none was. */
export async function firstLetThrough(reader: RecordsReader, { fromMs, toMs }: Span): Promise<number | null> {
  const { entries } = await reader.bypassed({ ...bounds(fromMs, toMs), limit: 1 });
  return entries[0] === undefined ? null : Date.parse(entries[0].decided_at);
}

/**
 * Scores what was let through, each with the features that it would have had: everything that was decided before it, scored or not, is in
 * its histories.
 * @param seen told of every record that went through
 */
export async function* wouldHaveBeen(
  reader: RecordsReader,
  replay: DecisionReplay,
  { fromMs, toMs }: Span,
  seen: () => void,
): AsyncGenerator<LetThrough, void> {
  const period = { warmFromMs: fromMs - WARMUP_MS, fromMs, toMs };
  const traffic = recordTraffic(reader, period, { maturityMs: MATURITY_MS, nowMs: Date.now() });
  for await (const step of pointInTime(traffic.groups, period, replay.batch, seen)) {
    for (const { parsed, fraud } of step.known) await replay.know(parsed, fraud);
    const rows = step.rows.map(({ parsed }) => parsed);
    if (!step.judged || step.rows.every(({ decided }) => decided?.source !== 'bypass')) {
      await replay.pass(rows);
      continue;
    }
    const results = await replay.decide(rows);
    for (const [i, { parsed, atMs, decided, known }] of step.rows.entries()) {
      const result = results[i]!;
      if (decided?.source !== 'bypass' || typeof result === 'string') continue;
      yield { parsed, atMs, wouldBe: result.at(-1)!, before: false, known };
    }
  }
}

/** What was let through though it had been decided before: that is not among the records, only in the ledger. */
export async function* decidedBefore(
  reader: RecordsReader,
  { fromMs, toMs }: Span,
): AsyncGenerator<LetThrough, void> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await reader.bypassed({ ...bounds(fromMs, toMs), limit: PAGE, ...(cursor && { cursor }) });
    for (const { transaction, decision, decided_at, decided_before, content_hash } of page.entries) {
      const parsed = parseTransaction(transaction);
      if (!decided_before || !parsed.ok) continue;
      const first = await reader.get(decision.decision_id);
      const same = first?.content_hash === content_hash ? first.decision : null;
      // Let through twice: the first time is among the records.
      if (same?.source === 'bypass') continue;
      const atMs = Date.parse(decided_at);
      yield { parsed, atMs, wouldBe: same ?? 'conflict', before: true, known: 'unknown' };
    }
    cursor = page.next;
  }
}

const bounds = (fromMs: number, toMs: number): { fromMs?: number; toMs?: number } => ({
  ...(Number.isFinite(fromMs) && { fromMs }),
  ...(Number.isFinite(toMs) && { toMs }),
});
