import { BinCounter } from './bin-counter.js';
import { CodeCounter, type Codes } from './code-counter.js';
import { readingOf, type Reading } from './reading.js';
import { RecentCounts, type Window } from './recent-counts.js';
import { codeColumns, numberColumns, type Column, type DriftReference } from './reference.js';

/** What can be watched. */
export interface Watchable {
  /** Names of the vector's values, in order. */
  readonly features: readonly string[];
  /** Those of them that drift is watched on; all where nothing is said. */
  readonly watched?: readonly string[];
  /** Fields of the transaction that hold codes. */
  readonly fields?: readonly string[];
}

/** Compares what one model gets, and gives, with what it was trained on. */
export class DriftMonitor {
  /** Features, the score, fields. */
  readonly columns: readonly Column[];
  private readonly numbers: BinCounter;
  private readonly codes: CodeCounter;
  /** So many columns hold numbers; codes come after them. */
  private readonly ofNumbers: number;
  private readonly counts: RecentCounts;

  constructor(
    readonly reference: DriftReference,
    { features, watched = features, fields = [] }: Watchable,
  ) {
    const numbers = numberColumns(reference, features, watched);
    const codes = codeColumns(reference, fields);
    this.columns = [...numbers, ...codes];
    this.ofNumbers = numbers.length;
    this.numbers = new BinCounter(numbers);
    this.codes = new CodeCounter(codes, this.numbers.length);
    const length = this.numbers.length + this.codes.length;
    this.counts = new RecentCounts(() => new Uint32Array(length));
  }

  /** What is added from here on is of this time. */
  at(nowMs: number): void {
    this.counts.at(nowMs);
  }

  /**
   * Adds a row that the model has scored.
   * @param values vectors one after another
   * @param offset where the row begins
   * @param codes its transaction
   */
  add(values: Float32Array, offset: number, score: number, codes: Codes): void {
    const { current } = this.counts;
    this.numbers.add(values, offset, score, current);
    this.codes.add(codes, current);
  }

  /** One for each column. */
  readings(window: Window, nowMs: number): Reading[] {
    return this.read(this.counts.of(window, nowMs));
  }

  /** The same of all rows since the beginning. */
  everything(): Reading[] {
    return this.read(this.counts.total);
  }

  /** Rows by bin of each column since the beginning, in the order of its bins. */
  get totals(): readonly (readonly number[])[] {
    const { total } = this.counts;
    return this.columns.map((_, c) => this.of(c, total));
  }

  private of(column: number, counts: Float64Array): number[] {
    const code = column - this.ofNumbers;
    return code < 0 ? this.numbers.of(column, counts) : this.codes.of(code, counts);
  }

  private read(counts: Float64Array): Reading[] {
    return this.columns.map((column, c) => readingOf(column, this.of(c, counts), this.reference));
  }
}
