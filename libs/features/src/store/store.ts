/** Asks for everything that one transaction needs, and appends it to its card's log. */
export interface StateRead {
  readonly transactionId: string;
  readonly cardId: string;
  readonly merchantId: string;
  /** The transaction as an event of the card's log, CARD_EVENT_BYTES long. */
  readonly cardEvent: Buffer;
}

/** What is known of one transaction, as it was just before it. The buffers are read before the next exchange. */
export interface StateOfRow {
  /** The stored decision, as it was committed. */
  readonly stored: Buffer | null;
  /** The card's log of what arrived before the event itself, oldest arrival first. Empty for a new card. Where a
   * decision is stored, it may hold what arrived with it or right behind it. */
  readonly cardLog: Buffer;
  /** The log held the event already: an earlier attempt got that far. */
  readonly repeated: boolean;
  /** The merchant's ring; null for a new merchant. */
  readonly merchantRing: Buffer | null;
}

/** Stores a decision; the first one to do so adds to the counters too. */
export interface DecisionCommit {
  readonly transactionId: string;
  readonly value: Buffer;
  /** Null: the transaction was counted by an earlier attempt. */
  readonly counter: { readonly merchantId: string; readonly timeMs: number; readonly amount: number } | null;
}

/** What one exchange brings. */
export interface Exchanged {
  /** For each read. */
  readonly states: readonly StateOfRow[];
  /** For each commit: false where a decision was stored before, and this one is not. */
  readonly stored: readonly boolean[];
}

/** The store cannot serve: down, slow, or it answered nonsense. */
export class FeatureStoreUnavailable extends Error {
  override readonly name = 'FeatureStoreUnavailable';
}

/**
 * Where histories and decided transactions live.
 * One `exchange` is one round trip: commits take effect first, then the reads in their order, each seeing
 * the log entries of those before it. A read that finds a stored decision appends nothing.
 * All of it is safe to repeat: a log takes an event once, a decision is stored once, counters move only with the
 * decision that was stored.
 */
export interface FeatureStore {
  /** What kind it is, for people: `redis` or `memory`. */
  readonly kind: string;
  /**
   * @param timeoutMs how long to wait; the store may still carry out what was sent
   * @throws FeatureStoreUnavailable
   */
  exchange(
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
    timeoutMs: number,
  ): Promise<Exchanged>;
  /**
   * The stored decisions of transactions, null where there is none.
   * @throws FeatureStoreUnavailable
   */
  decisions(transactionIds: readonly string[], timeoutMs: number): Promise<readonly (Buffer | null)[]>;
  /** True when the store answers. */
  ping(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Part of every key; changes when a stored layout changes. */
export const LAYOUT_VERSION = 2;

/** Longest a card's log gets: exact below, the oldest events fall off at it. */
export const CARD_LOG_CAP = 256;
/** A full log is cut back to the cap (and the event that is appended) only after so many more: cutting is rare. */
export const CARD_LOG_SLACK = 32;
/** Histories are forgotten after so long without a transaction: the longest window and a margin. */
export const HISTORY_TTL_S = 45 * 86_400;
