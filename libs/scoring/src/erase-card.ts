import type { Erasure, Records } from '@fraud/records';
import type { ScoringContext } from './context.js';

const ON_A_PAGE = 500;
/** Transactions whose keys go to the store in one call. */
const AT_ONCE = 1000;
const STORE_TIMEOUT_MS = 5000;
/** What was answered just now is on its way to the database. */
const ON_ITS_WAY_MS = 2000;

/** An erasure, asked for. */
export interface ErasureRequest {
  readonly cardId: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * Takes a card out of histories, stored decisions, records and the spool. In this order: whatever fails, who asks again finds
 * what is left by the records, which go last.
 * @throws RecordsUnavailable, FeatureStoreUnavailable: ask again
 */
export async function eraseCard(
  { cardId, by, reason }: ErasureRequest,
  records: Records,
  { store, commits }: Pick<ScoringContext, 'store' | 'commits'>,
): Promise<Erasure> {
  const forget = async (transactionIds: readonly string[]): Promise<void> => {
    for (let from = 0; from === 0 || from < transactionIds.length; from += AT_ONCE)
      await store.forget(cardId, transactionIds.slice(from, from + AT_ONCE), STORE_TIMEOUT_MS);
  };
  await records.caughtUp(ON_ITS_WAY_MS);
  const known: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await records.store.page({
      cardId,
      order: 'oldest',
      limit: ON_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    known.push(...page.records.map(({ transaction }) => transaction.transaction_id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  await commits.flush();
  await forget(known);
  const { transactionIds, ...erasure } = await records.store.erase(cardId, by, reason);
  // What was decided meanwhile.
  await commits.flush();
  await forget(transactionIds);
  records.rotate();
  return erasure;
}
