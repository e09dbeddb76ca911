import { LRUCache } from 'lru-cache';
import type { CounterUpdate, DecisionCommit } from '../store.js';

/** More are not followed: a count that nobody follows is lost, never made twice. */
const MAX_FOLLOWED = 50_000;

/**
 * Follows which decisions this process has stored, where replies may get lost: whoever stored a decision makes its
 * counts, and makes them once.
 */
export class StoredHere {
  private readonly underWay = new LRUCache<string, true>({ max: MAX_FOLLOWED });

  /** @param won told the counts of each decision that this process has stored */
  constructor(private readonly won: (transactionId: string, counter: CounterUpdate) => void) {}

  /** A decision is about to be sent. */
  sending({ transactionId }: DecisionCommit): void {
    this.underWay.set(transactionId, true);
  }

  /**
   * A node has answered, to this attempt or to a later one.
   * @param before what was stored before; null: nothing, so this one is stored now
   * @returns whether this one is the stored one
   */
  answered({ transactionId, value, counter }: DecisionCommit, before: Buffer | null): boolean {
    // Our own bytes: an attempt whose reply did not come.
    const stored = before === null || before.equals(value);
    if (this.underWay.delete(transactionId) && stored && counter !== null) this.won(transactionId, counter);
    return stored;
  }
}
