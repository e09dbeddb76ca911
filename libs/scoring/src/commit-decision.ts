import type { Decision } from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';
import type { QueuedCommit } from './commit-queue.js';
import type { CommitObserver } from './settlement.js';
import { encodeDecision } from './stored-decision.js';

/**
 * What the store keeps of a decided row: the decision, and one more for the merchant's counters unless an
 * earlier attempt may have counted it, or its amount is not known.
 */
export function commitDecision(
  row: CurrentTransaction,
  decision: Decision,
  repeated: boolean,
  decidedAtMs: number,
  observer: CommitObserver | undefined,
): QueuedCommit {
  const { transaction_id, merchant_id, terminal_id } = row.parsed.transaction;
  return {
    observer,
    transactionId: transaction_id,
    value: encodeDecision(decision, row.identity.contentHash, decidedAtMs),
    counter:
      repeated || Number.isNaN(row.amount)
        ? null
        : {
            merchantId: merchant_id,
            terminalId: terminal_id ?? null,
            timeMs: row.event.timeMs,
            amount: row.amount,
          },
  };
}
