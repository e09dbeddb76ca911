import { decisionLine, type Door, type RecordedAnswer } from '@fraud/records';
import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import type { WhenFull } from '@fraud/policy';
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
    readonly whenFull: WhenFull,
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
    const { instance } = this.sink;
    const values = bytesOf(vectors.values);
    const parts = contributions === null ? null : bytesOf(contributions);
    let lines = '';
    for (let n = 0; n < decided.length; n++) {
      const row = rows[vectors.rows[n]!]!;
      lines += decisionLine({
        instance,
        sequence: this.sequence + n,
        door: this.door,
        contentHash: row.identity.contentHash,
        amount: row.amount,
        repeated: vectors.repeated[n]!,
        vector: values.toString('base64', n * ROW_BYTES, (n + 1) * ROW_BYTES),
        contributions: parts === null ? null : parts.toString('base64', n * ROW_BYTES, (n + 1) * ROW_BYTES),
        transaction: row.parsed.transaction,
        answer: decided[n]!.json!,
      });
    }
    if (!this.sink.append(lines)) return false;
    this.sequence += decided.length;
    return true;
  }

  /**
   * Notes which transactions of a turn the store took after they were decided without it, once that is known: whoever repeats later
   * decisions has to know what was in the histories.
   */
  async noteLate(rows: readonly CurrentTransaction[], appended: Promise<readonly boolean[]>): Promise<void> {
    // Where it rejects, it stays unknown.
    const took = await appended.catch(() => []);
    const decision_ids = rows.filter((_, i) => took[i]).map(({ identity }) => identity.decisionId);
    if (decision_ids.length > 0) this.sink.append(`${JSON.stringify({ kind: 'late', decision_ids })}\n`);
  }

  /** The recorded answer of a transaction. @throws RecordsUnavailable */
  async answerOf({ identity }: CurrentTransaction): Promise<RecordedAnswer | null> {
    const [found] = await this.sink.store.answers([identity.decisionId]);
    return found ?? null;
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
