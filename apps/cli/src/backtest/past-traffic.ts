import type { Outcome, ParsedTransaction, Source } from '@fraud/contract';

/** What is known today of a transaction of the past. */
export const KNOWN = ['fraud', 'legitimate', 'unknown'] as const;
export type Known = (typeof KNOWN)[number];

/** What was decided then. */
export interface PastDecision {
  readonly outcome: Outcome;
  /** Null where there was none. */
  readonly score: number | null;
  readonly source: Source;
}

/** Something that became known of a transaction, and when; ms since the epoch. */
interface PastLabel {
  readonly fraud: boolean;
  readonly knownAtMs: number;
}

export interface PastTransaction {
  readonly parsed: ParsedTransaction;
  /** Its place in time: when it happened (files), or was decided (records). Ms since the epoch. */
  readonly atMs: number;
  /** Null where nobody says: then the model and the policy that are configured stand for it. */
  readonly decided: PastDecision | null;
  readonly known: Known;
  /** Name of the fraud scenario, where the source has one. */
  readonly scenario: string | null;
  readonly labels: readonly PastLabel[];
}

/** Traffic of the past, in its order. */
export interface PastTraffic {
  /** Many at a time: an await for each would cost more than the row. To be iterated once. */
  readonly groups: AsyncIterable<readonly PastTransaction[]>;
  /** Rows that are no valid transactions, by error code; grows while groups are read. */
  readonly refused: ReadonlyMap<string, number>;
  /** Where it comes from, for reports: nothing of a machine. */
  readonly origin: string;
  /** How far it was read, 0 to 1; null where that is not known. */
  share(): number | null;
}
