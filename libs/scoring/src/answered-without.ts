import type { Decision } from '@fraud/contract';
import type { CurrentTransaction } from '@fraud/features';
import type { CommitObserver } from './settlement.js';

/** A transaction that was answered without the store. */
export interface AnsweredWithout {
  readonly row: CurrentTransaction;
  readonly decision: Decision;
  readonly decidedAtMs: number;
  /** Told once: what the first attempt came to. */
  observer?: CommitObserver | undefined;
  /** The store was sent it while it was decided, and may have taken it. */
  readonly sent?: boolean;
  /** The store failed while it was tried behind the answer: it may have taken it then. */
  tried?: boolean;
}

/** Where those go, so that histories get to know them. */
export interface Behind {
  /** Transactions that histories do not know yet. */
  readonly depth: number;
  /** When the oldest of those that wait was decided, ms since the epoch; null where none does. */
  readonly since: number | null;
  add(answered: readonly AnsweredWithout[]): void;
  /**
   * Of an exchange that was given up, but may still be carried out.
   * @param appended for each, whether the store took it after all; rejects where that stays unknown
   */
  addLate(answered: readonly AnsweredWithout[], appended: Promise<readonly boolean[]>): void;
  /** Waits a little for what is left. */
  close(): Promise<void>;
}
