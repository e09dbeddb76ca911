import { decisionLine, type Door, type RecordedAnswer } from '@fraud/records';
import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import type { Decided } from './decided.js';
import type { Vectors } from './to-vectors.js';

/** What the pipeline needs of the records. */
export interface RecordSink {
  readonly instance: string;
  readonly full: boolean;
  /** By one write; false: nothing of it is kept. */
  append(lines: string): boolean;
  readonly store: {
    answers(decisionIds: readonly string[]): Promise<readonly (RecordedAnswer | null)[]>;
  };
}

/** Writes down every decision before its answer leaves. */
export class DecisionLog {
  private sequence = 0;

  constructor(
    private readonly sink: RecordSink,
    private readonly door: Door,
  ) {}

  get full(): boolean {
    return this.sink.full;
  }

  /**
   * Writes the decisions of a turn by one write.
   * @returns false: none of them is recorded
   */
  append(
    rows: readonly CurrentTransaction[],
    vectors: Vectors,
    contributions: Float32Array | null,
    decided: readonly Decided[],
  ): boolean {
    const values = bytesOf(vectors.values);
    const parts = contributions === null ? null : bytesOf(contributions);
    let lines = '';
    for (let n = 0; n < decided.length; n++) {
      const vector = values.toString('base64', n * ROW_BYTES, (n + 1) * ROW_BYTES);
      const added = parts === null ? null : parts.toString('base64', n * ROW_BYTES, (n + 1) * ROW_BYTES);
      lines += this.line(n, rows[vectors.rows[n]!]!, vectors.repeated[n]!, vector, added, decided[n]!);
    }
    return this.keep(lines, decided.length);
  }

  /**
   * Writes decisions that nothing was computed for, one for each row, by one write.
   * @returns false: none of them is recorded
   */
  appendUnscored(rows: readonly CurrentTransaction[], decided: readonly Decided[]): boolean {
    let lines = '';
    for (let n = 0; n < decided.length; n++) lines += this.line(n, rows[n]!, false, '', null, decided[n]!);
    return this.keep(lines, decided.length);
  }

  /**
   * Notes that the store has taken transactions that were decided without it.
   * @param at when; null: when they were decided
   */
  noteTaken(rows: readonly CurrentTransaction[], at: Date | null): void {
    if (rows.length === 0) return;
    const decision_ids = rows.map(({ identity }) => identity.decisionId);
    const moment = at === null ? {} : { appended_at: at.toISOString() };
    this.sink.append(`${JSON.stringify({ kind: 'late', decision_ids, ...moment })}\n`);
  }

  /** The recorded answer of a transaction. @throws RecordsUnavailable */
  async answerOf({ identity }: CurrentTransaction): Promise<RecordedAnswer | null> {
    const [found] = await this.sink.store.answers([identity.decisionId]);
    return found ?? null;
  }

  private line(
    n: number,
    row: CurrentTransaction,
    repeated: boolean,
    vector: string,
    contributions: string | null,
    { json }: Decided,
  ): string {
    return decisionLine({
      instance: this.sink.instance,
      sequence: this.sequence + n,
      door: this.door,
      contentHash: row.identity.contentHash,
      amount: row.amount,
      repeated,
      vector,
      contributions,
      transaction: row.parsed.transaction,
      answer: json!,
    });
  }

  private keep(lines: string, decisions: number): boolean {
    if (!this.sink.append(lines)) return false;
    this.sequence += decisions;
    return true;
  }
}

const ROW_BYTES = VECTOR_LENGTH * 4;

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Reads a recorded vector, or contributions. */
export function readVector(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
