import { DEPTH } from '../state/depth.js';

/** Who takes part in a transaction. A null has no state. */
interface Parties {
  readonly cardId: string;
  readonly merchantId: string;
  readonly terminalId: string | null;
  readonly deviceId: string | null;
  /** The address as a keyed hash: addresses themselves are not kept. */
  readonly ipHash: string | null;
}

/** Asks for everything that one transaction needs, and appends it to the logs of its card, its device and its address. */
export interface StateRead extends Parties {
  readonly transactionId: string;
  /** The transaction as an event of the card's log, CARD_EVENT_BYTES long. */
  readonly cardEvent: Buffer;
  /** The transaction as an event of the logs of device and address, VISIT_BYTES long. */
  readonly visit: Buffer;
  /**
   * What it adds to the counters in the same step as its event to the card's log: once, as often as it is sent. For a
   * transaction that nobody decides here, since where one is decided its commit counts. The rings of the same exchange
   * may show it.
   */
  readonly counter?: CounterUpdate | null;
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
  /** The terminal's ring; null for a new terminal, and without one. */
  readonly terminalRing: Buffer | null;
  /** The logs of device and address, of what arrived before the event itself. Empty for new ones, and without one. */
  readonly deviceLog: Buffer;
  readonly ipLog: Buffer;
}

/** What a transaction adds to the counters of its merchant and its terminal. */
export interface CounterUpdate {
  readonly merchantId: string;
  readonly terminalId: string | null;
  readonly timeMs: number;
  /** Reference minor units. */
  readonly amount: number;
}

/** Stores a decision; the first one to do so adds to the counters too. */
export interface DecisionCommit {
  readonly transactionId: string;
  readonly value: Buffer;
  /** Null: the transaction was counted by an earlier attempt. */
  readonly counter: CounterUpdate | null;
}

/** What became known of a transaction, and where it was counted. */
export interface LabelUpdate {
  readonly transactionId: string;
  /** The first bytes of the hash of the id, as in the card's log. */
  readonly eventHash: Buffer;
  readonly cardId: string;
  readonly merchantId: string;
  readonly terminalId: string | null;
  /** Event time of the transaction. */
  readonly timeMs: number;
  readonly fraud: boolean;
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

  /**
   * @param appended where an exchange was given up but may still be carried out: for each read, whether its event was appended after
   * all. It rejects where that stays unknown
   */
  constructor(
    message: string,
    options?: ErrorOptions,
    readonly appended?: Promise<readonly boolean[]>,
  ) {
    super(message, options);
  }
}

/**
 * Where histories and decided transactions live.
 * One `exchange` is one round trip: commits take effect first, then the reads in their order, each seeing
 * the log entries of those before it; they are different transactions, MOST_READS of them at most. A read that finds a stored decision appends nothing.
 * All of it is safe to repeat: a log takes an event once, a decision is stored once, counters move only with the
 * decision that was stored, or with the event that was appended.
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
   * What is known of transactions, as an exchange would show it, without appending them.
   * @throws FeatureStoreUnavailable
   */
  look(reads: readonly StateRead[], timeoutMs: number): Promise<readonly StateOfRow[]>;
  /**
   * The stored decisions of transactions, null where there is none.
   * @throws FeatureStoreUnavailable
   */
  decisions(transactionIds: readonly string[], timeoutMs: number): Promise<readonly (Buffer | null)[]>;
  /**
   * Notes a label, or corrects one: in the card's log, and in the slots of the transaction's own time. Once, whatever the
   * order and however often it is told.
   * @returns whether that changed anything
   * @throws FeatureStoreUnavailable
   */
  label(update: LabelUpdate, timeoutMs: number): Promise<boolean>;
  /**
   * Takes away the log of a card, and of these transactions the stored decisions and what is known of them. What was counted of
   * them at merchants and terminals stays; so do their visits to devices and addresses, which have a hash of four bytes of the card for two days. Safe to repeat.
   * @throws FeatureStoreUnavailable
   */
  forget(cardId: string, transactionIds: readonly string[], timeoutMs: number): Promise<void>;
  /** True when the store answers, and takes what it is told. */
  ping(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Part of every key; changes when a stored layout changes. */
export const LAYOUT_VERSION = 3;

/** Transactions that one exchange reads at most. */
export const MOST_READS = 128;

/**
 * Events of a card's log that a cut leaves before the one that is appended: what features look at, and one more, which tells
 * whether the log is saturated. No cut falls between two events of one exchange.
 */
export const CARD_LOG_CAP = DEPTH.card + 1;
/** A log is cut only after so many more: cutting is rare. */
export const CARD_LOG_SLACK = 32;
/** The same for the logs of devices and addresses; their windows are short, and addresses are shared by many. */
export const DEVICE_LOG_CAP = DEPTH.device + 1;
export const IP_LOG_CAP = DEPTH.ip + 1;
export const VISIT_LOG_SLACK = 16;
/** They are forgotten after so long without a transaction: the longest of their windows and a margin. */
export const VISIT_TTL_S = 2 * 86_400;
/** Histories are forgotten after so long without a transaction: the longest window and a margin. */
export const HISTORY_TTL_S = 45 * 86_400;
