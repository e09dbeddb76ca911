import { FeatureStoreUnavailable, type CurrentTransaction, type StateOfRow } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { toReads } from './to-reads.js';

/** The store gets at least so long, ms: with less, a busy process would blame a store that is well. */
const LEAST_TIMEOUT_MS = 2;

/** What came of asking the store. */
export interface ReadState {
  /** Null where the store cannot serve within what is left of the budget. */
  readonly states: readonly StateOfRow[] | null;
  /** Then, where it may still take what it was sent: which rows it took after all. */
  readonly late: Promise<readonly boolean[]> | null;
}

/**
 * Reads what is known of each row and appends it to its card's log, in one round trip; the commits of
 * earlier turns that are still waiting ride along, ahead of the reads.
 * @param waitedMs how long the oldest row has waited
 */
export async function readState(
  rows: readonly CurrentTransaction[],
  waitedMs: number,
  context: ScoringContext,
): Promise<ReadState> {
  const reads = toReads(rows, context.pseudonyms);
  const left = Math.min(context.storeTimeoutMs, context.budgetMs - waitedMs);
  const commits = context.commits.take();
  try {
    const timeoutMs = Math.max(LEAST_TIMEOUT_MS, left);
    const { states, stored } = await context.store.exchange(reads, commits, timeoutMs);
    context.commits.carriedOut(commits, stored);
    return { states, late: null };
  } catch (cause) {
    context.commits.putBack(commits, cause);
    context.observer.failed('features_unavailable', rows.length, cause);
    return { states: null, late: (cause instanceof FeatureStoreUnavailable && cause.appended) || null };
  }
}
