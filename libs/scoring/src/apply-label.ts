import { identify, type ParsedTransaction } from '@fraud/contract';
import type { ScoringContext } from './context.js';

const TIMEOUT_MS = 1000;

/** Tells the feature store what became known of a transaction. @throws FeatureStoreUnavailable */
export async function applyLabel(
  { transaction, occurredAtMs }: ParsedTransaction,
  fraud: boolean,
  { store, commits }: Pick<ScoringContext, 'store' | 'commits'>,
): Promise<boolean> {
  // Its own counters may still be on their way; a label comes well behind them in life, but not in a replay.
  await commits.flush();
  const update = {
    transactionId: transaction.transaction_id,
    eventHash: identify(transaction).eventHash,
    cardId: transaction.card_id,
    merchantId: transaction.merchant_id,
    terminalId: transaction.terminal_id ?? null,
    timeMs: occurredAtMs,
    fraud,
  };
  return await store.label(update, TIMEOUT_MS);
}
