import { FeatureStoreUnavailable, type CurrentTransaction, type StateOfRow } from '@fraud/features';
import { isBroken } from './breaker.js';
import type { ScoringContext } from './context.js';
import { toReads } from './to-reads.js';

/** What came of asking the store. */
export interface ReadState {
  /** Null where the store cannot serve in time. */
  readonly states: readonly StateOfRow[] | null;
  /** Then, where it may still take what it was sent: which rows it took after all. */
  readonly late: Promise<readonly boolean[]> | null;
  /** The store was asked: it may have taken the rows even where it did not answer. */
  readonly sent: boolean;
}

export const WITHOUT_STATE: ReadState = { states: null, late: null, sent: false };

/**
 * Reads what is known of each row and appends it to its card's log, in one round trip; the commits of
 * earlier turns that are still waiting ride along, ahead of the reads.
 * @param leftMs what there is time for
 * @param probes it may be the call that tries whether a store that failed is back: nobody waits for an answer
 */
export async function readState(
  rows: readonly CurrentTransaction[],
  leftMs: number,
  context: ScoringContext,
  probes = false,
): Promise<ReadState> {
  const { store, commits: queue, observer } = context;
  const breaker = context.breakers.store;
  // Where answers wait for the store, each call may be the one that finds it back; there is no other.
  if (!probes && !context.waitsForStore && breaker?.open === true) {
    observer.failed('features_unavailable', rows.length);
    return WITHOUT_STATE;
  }
  const reads = toReads(rows, context.pseudonyms);
  const timeoutMs = Math.min(context.storeTimeoutMs, leftMs);
  const commits = queue.take();
  const exchange = () => store.exchange(reads, commits, timeoutMs);
  try {
    const { states, stored } = await (breaker === null ? exchange() : breaker.run(exchange));
    queue.carriedOut(commits, stored);
    return { states, late: null, sent: true };
  } catch (cause) {
    queue.putBack(commits, cause);
    observer.failed('features_unavailable', rows.length, isBroken(cause) ? undefined : cause);
    const late = (cause instanceof FeatureStoreUnavailable && cause.appended) || null;
    return { states: null, late, sent: !isBroken(cause) };
  }
}
