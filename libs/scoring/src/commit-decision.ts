import type { Decision } from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';
import type { QueuedCommit } from './commit-queue.js';
import { counterOf } from './counter-of.js';
import type { CommitObserver } from './settlement.js';
import { encodeDecision } from './stored-decision.js';

/**
 * What the store keeps of a decided row: the decision, and one more for the merchant's counters unless an
 * earlier attempt may have counted it.
 */
export function commitDecision(
  row: CurrentTransaction,
  decision: Decision,
  repeated: boolean,
  decidedAtMs: number,
  observer: CommitObserver | undefined,
): QueuedCommit {
  return {
    observer,
    decidedAtMs,
    transactionId: row.parsed.transaction.transaction_id,
    value: encodeDecision(decision, row.identity.contentHash, decidedAtMs),
    counter: repeated ? null : counterOf(row),
  };
}
