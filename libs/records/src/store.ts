import type { Decision, LabelSource, Outcome, Source, Transaction } from '@fraud/contract';
import type { DecisionRecord, Door } from './entry.js';

/** What the database made of lines of the spool. */
export interface Written {
  readonly decisions: number;
  /** The same transaction with the same content, decided again: the first record stays. */
  readonly duplicates: number;
  /** An id that was recorded with other content, under whatever card: kept aside, in `conflicts`. */
  readonly conflicts: number;
  readonly labels: number;
  /** What became known of decisions: a label that met its decision, or changed what was known of it. */
  readonly labelled: readonly Labelled[];
  /** Lines that cannot be read; they are kept aside by the caller. */
  readonly unreadable: readonly string[];
}

export const NOTHING_WRITTEN: Written = {
  decisions: 0,
  duplicates: 0,
  conflicts: 0,
  labels: 0,
  labelled: [],
  unreadable: [],
};

/** Decisions with one outcome, of which the same became known. */
export interface Labelled {
  readonly outcome: Outcome;
  readonly fraud: boolean;
  readonly decisions: number;
  /** Reference minor units; a transaction in an unknown currency adds nothing. */
  readonly amount: number;
}

/** A recorded answer. */
export interface RecordedAnswer {
  readonly contentHash: string;
  /** The JSON text, as it was sent. */
  readonly answer: string;
}

/** Which decisions are meant; all that is given must hold. */
export interface RecordsFilter {
  readonly transactionId?: string;
  readonly cardId?: string;
  readonly decision?: Outcome;
  readonly source?: Source;
  /** Decided at or after, ms since the epoch. */
  readonly fromMs?: number;
  /** Decided before, ms since the epoch. */
  readonly toMs?: number;
}

export interface RecordsQuery extends RecordsFilter {
  /** `newest` first, or in the order in which they were decided. */
  readonly order: 'newest' | 'oldest';
  readonly limit: number;
  /** Where the page before ended. */
  readonly cursor?: string;
}

export interface RecordsPage {
  readonly records: readonly DecisionRecord[];
  /** Null: this was the last page. */
  readonly next: string | null;
}

/** What a bypass let through. */
export interface BypassEntry {
  readonly decided_at: string;
  /** It had been decided before, otherwise or with other content: that decision is the recorded one. */
  readonly decided_before: boolean;
  readonly content_hash: string;
  readonly door: Door;
  /** The process that let it through. */
  readonly instance: string;
  /** In reference minor units; null where the currency is unknown. */
  readonly amount_reference: number | null;
  readonly transaction: Transaction;
  /** The answer that it got. */
  readonly decision: Decision;
}

export interface BypassQuery {
  /** Let through at or after, and before, ms since the epoch. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly limit: number;
  readonly cursor?: string;
}

export interface BypassPage {
  readonly entries: readonly BypassEntry[];
  /** Null: this was the last page. */
  readonly next: string | null;
}

/** A label as it is kept. */
export interface LabelRecord {
  readonly transaction_id: string;
  readonly fraud: boolean;
  readonly source: LabelSource;
  readonly labelled_at: string;
  readonly received_at: string;
  /** When features were told; not there where they were not: another label held by then, or nothing was to be told. */
  readonly applied_at?: string;
}

/** What features have not been told yet of a transaction that was decided. */
export interface PendingLabel {
  readonly decisionId: string;
  readonly transaction: Transaction;
  readonly fraud: boolean;
}

/** What features have been told. */
export interface AppliedLabel {
  readonly decisionId: string;
  readonly fraud: boolean;
  /** When, RFC 3339. */
  readonly appliedAt: string;
}

/** Decisions of one week of transactions, by what is known of them. */
export interface QualityCell {
  /** Monday of the week of the transactions, `2026-01-05`. */
  readonly week: string;
  readonly outcome: Outcome;
  /** Null: no label so far. */
  readonly fraud: boolean | null;
  readonly decisions: number;
  /** Reference minor units. */
  readonly amount: number;
}

/** How long after its transaction fraud became known. */
export interface LabelDelay {
  readonly week: string;
  /** Whole days from the transaction to its first fraud label. */
  readonly days: number;
  readonly frauds: number;
}

export interface QualityData {
  readonly cells: readonly QualityCell[];
  readonly delays: readonly LabelDelay[];
}

/** Decisions of one week of transactions, by score, by how they came about, and by what is known of them. */
export interface ScoreCell {
  /** Monday of the week of the transactions, `2026-01-05`. */
  readonly week: string;
  /** The version that scored; empty where none did. */
  readonly model: string;
  readonly source: Source;
  /** By the thresholds of degraded answers, where there is a score at all. */
  readonly degraded: boolean;
  /** How many of the edges that were asked for lie at or below the score; null where there is none. */
  readonly bin: number | null;
  readonly outcome: Outcome;
  /** Null: no label so far. */
  readonly fraud: boolean | null;
  readonly decisions: number;
  /** Reference minor units. */
  readonly amount: number;
  /** Of the decisions, those in an unknown currency: they are not in `amount`. */
  readonly without_amount: number;
  /** Sum of the scores, and of their squares; 0 where there are none. */
  readonly scores: number;
  readonly scores_squared: number;
}

/** Which scores are meant; times are those of the transactions, ms since the epoch. */
export interface ScoreRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** Weeks from here on say how late labels come. */
  readonly learnFromMs: number;
  /** Lower edges of the bins, ascending. A score that equals one lies above it. */
  readonly edges: readonly number[];
}

export interface ScoreData {
  readonly cells: readonly ScoreCell[];
  readonly delays: readonly LabelDelay[];
}

/** What is kept of an erasure: that, and not what was erased. */
export interface Erasure {
  readonly at: string;
  /** SHA-256 of the card's id, hexadecimal. */
  readonly card_hash: string;
  readonly asked_by: string;
  readonly reason: string;
  readonly decisions: number;
  readonly labels: number;
}

/** What an erasure took away. */
export interface Erased extends Erasure {
  /** Of the decisions that are gone: for what else knows them. */
  readonly transactionIds: readonly string[];
}

/** The records cannot be asked or written: the database is away, or still opening. */
export class RecordsUnavailable extends Error {
  override readonly name = 'RecordsUnavailable';
}

/** What tools read. All of it may throw RecordsUnavailable. */
export interface RecordsReader {
  get(decisionId: string): Promise<DecisionRecord | null>;
  /** Stable under inserts: what is recorded while one pages is on no page twice, and moves none. */
  page(query: RecordsQuery): Promise<RecordsPage>;
  /**
   * In the order in which they were decided: every decision before this one within so long that shares card, merchant,
   * terminal, device or address with it. The one itself is not among them.
   */
  history(decisionId: string, withinMs: number, limit: number, cursor?: string): Promise<RecordsPage>;
  artefact(name: string, version: string): Promise<string | null>;
  /** The bypass ledger, in the order in which it was let through. */
  bypassed(query: BypassQuery): Promise<BypassPage>;
  labels(transactionIds: readonly string[]): Promise<readonly LabelRecord[]>;
  /** By event time of the transactions, ms since the epoch. */
  quality(fromMs: number, toMs: number): Promise<QualityData>;
  scores(range: ScoreRange): Promise<ScoreData>;
}

/** Where decisions and labels are kept: one implementation, on Postgres and on the embedded one. */
export interface RecordsStore extends RecordsReader {
  /** Takes lines of the spool, in one transaction; safe to repeat. */
  write(lines: readonly string[]): Promise<Written>;
  /** The recorded answers of decision ids; null where there is none. */
  answers(decisionIds: readonly string[]): Promise<readonly (RecordedAnswer | null)[]>;
  /** Labels of decided transactions that features have not been told; nobody else gets them for so long. */
  claimLabels(limit: number, leaseMs: number): Promise<readonly PendingLabel[]>;
  /** Features have been told. */
  labelsApplied(applied: readonly AppliedLabel[]): Promise<void>;
  /** Takes a card away: its decisions, their labels, and whatever of it still comes from a spool. */
  erase(cardId: string, by: string, reason: string): Promise<Erased>;
  /** The erasures, the newest first, at most so many. */
  erasures(limit: number): Promise<readonly Erasure[]>;
  /** Makes the partitions of the days to come, and drops those that are past retention. @returns those dropped */
  retain(nowMs: number): Promise<readonly string[]>;
  close(): Promise<void>;
}
