import {
  CARD_EVENT_BYTES,
  tokenHash,
  VISIT_BYTES,
  writeCardEvent,
  writeVisit,
  type CurrentTransaction,
  type StateOfRow,
  type StateRead,
} from '@fraud/features';
import type { ScoringContext } from './context.js';

/** The store gets at least so long, ms: with less, a busy process would blame a store that is well. */
const LEAST_TIMEOUT_MS = 2;

/**
 * Reads what is known of each row and appends it to its card's log, in one round trip; the commits of
 * earlier turns that are still waiting ride along, ahead of the reads.
 * @param waitedMs how long the oldest row has waited
 * @returns null where the store cannot serve within what is left of the budget
 */
export async function readState(
  rows: readonly CurrentTransaction[],
  waitedMs: number,
  context: ScoringContext,
): Promise<readonly StateOfRow[] | null> {
  const events = Buffer.allocUnsafe(rows.length * CARD_EVENT_BYTES);
  const visits = Buffer.allocUnsafe(rows.length * VISIT_BYTES);
  const reads = rows.map((row, i): StateRead => {
    const at = i * CARD_EVENT_BYTES;
    writeCardEvent(row.event, row.identity.eventHash, events, at);
    const visitAt = i * VISIT_BYTES;
    const { transaction_id, card_id, merchant_id, terminal_id, device_id, ip } = row.parsed.transaction;
    writeVisit(row.event, tokenHash(card_id), row.identity.eventHash, visits, visitAt);
    return {
      transactionId: transaction_id,
      cardId: card_id,
      merchantId: merchant_id,
      terminalId: terminal_id ?? null,
      deviceId: device_id ?? null,
      ipHash: ip === undefined ? null : context.pseudonyms.of(ip),
      cardEvent: events.subarray(at, at + CARD_EVENT_BYTES),
      visit: visits.subarray(visitAt, visitAt + VISIT_BYTES),
    };
  });
  const left = Math.min(context.storeTimeoutMs, context.budgetMs - waitedMs);
  const commits = context.commits.take();
  try {
    const timeoutMs = Math.max(LEAST_TIMEOUT_MS, left);
    const { states, stored } = await context.store.exchange(reads, commits, timeoutMs);
    context.commits.carriedOut(commits, stored);
    return states;
  } catch (cause) {
    context.commits.putBack(commits, cause);
    context.observer.failed('feature_store_unavailable', rows.length, cause);
    return null;
  }
}
