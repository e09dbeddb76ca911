import type { Transaction } from '@fraud/contract';
import type { Answer } from './decision-client.js';

/** Where a load run sends its transactions to, and gets its decisions from. */
export interface LoadTarget {
  /** Words for the report; `hint` goes on from "No transaction was decided". */
  readonly words: { readonly latency: string; readonly shed: string; readonly hint: string };
  /** Most transactions without an answer at a constant rate. */
  readonly mostUnderWay: number;
  /** Transactions under way at once when going flat out. */
  readonly workers: number;
  /** Never rejects: a failure is an answer. */
  decide(transaction: Transaction): Promise<Answer>;
  /** Into the live line, with two spaces before it. */
  status(): string;
  /** The user wants to stop: no more will be sent. */
  hurry?(): void;
  close(): Promise<void>;
}
