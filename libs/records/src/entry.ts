import type { Decision, LabelSource, Transaction } from '@fraud/contract';

/** Through which door a transaction came. */
export const DOORS = ['http', 'kafka'] as const;
export type Door = (typeof DOORS)[number];

/** One decided transaction, whole: what came, what was answered, and all that the answer was computed from. */
export interface DecisionEntry {
  readonly kind: 'decision';
  /** The process that decided: a new name for each start. */
  readonly instance: string;
  /** Counts the decisions of an instance, in their order. */
  readonly sequence: number;
  readonly door: Door;
  /** Over every contract field of the transaction: tells a repeat from a conflict. */
  readonly content_hash: string;
  /** In reference minor units; null where the currency is unknown. */
  readonly amount_reference: number | null;
  /** The card's log held the event already, from an attempt of which no decision was stored. */
  readonly repeated: boolean;
  /** The feature vector in the order of the catalogue: float32, little-endian, base64. */
  readonly vector: string;
  /** What each feature added to the score, in log-odds, likewise; null where no model ran. */
  readonly contributions: string | null;
  readonly transaction: Transaction;
  /** The answer; its JSON text is kept as it was sent. */
  readonly decision: Decision;
}

/** What a version in an answer stands for. */
export interface ArtefactEntry {
  readonly kind: 'artefact';
  readonly name: 'policy' | 'rules' | 'fx';
  readonly version: string;
  /** The file, as it was read. */
  readonly content: string;
}

/** What became known of a transaction. */
export interface LabelEntry {
  readonly kind: 'label';
  readonly transaction_id: string;
  readonly fraud: boolean;
  readonly source: LabelSource;
  /** When it became known, RFC 3339; of two labels of a transaction the later one holds. */
  readonly labelled_at: string;
  /** When it came in, RFC 3339. */
  readonly received_at: string;
}

/** The feature store took transactions into its histories after all, which had been decided without it. */
export interface LateEntry {
  readonly kind: 'late';
  readonly decision_ids: readonly string[];
  /** When, RFC 3339; not there: when they were made, it was only the reply that came late. */
  readonly appended_at?: string;
}

/** One line of the spool. */
export type SpoolEntry = DecisionEntry | ArtefactEntry | LabelEntry | LateEntry;

/** A decision as it is shown and exported. */
export interface DecisionRecord extends Omit<DecisionEntry, 'kind'> {
  /** It was decided without the feature store, which took it into its histories then. */
  readonly appended_at?: string;
}
