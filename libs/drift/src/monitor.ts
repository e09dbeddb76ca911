import { BinCounter } from './bin-counter.js';
import { readingOf, type Reading } from './reading.js';
import { RecentCounts, type Window } from './recent-counts.js';
import { watchedColumns, type DriftReference, type WatchedColumn } from './reference.js';

/** Compares what one model gets, and gives, with what it was trained on. */
export class DriftMonitor {
  readonly columns: readonly WatchedColumn[];
  private readonly counter: BinCounter;
  private readonly counts: RecentCounts;

  /**
   * @param features names of the vector's values, in order
   * @param watched those that drift is watched on
   */
  constructor(
    readonly reference: DriftReference,
    features: readonly string[],
    watched: readonly string[] = features,
  ) {
    this.columns = watchedColumns(reference, features, watched);
    const counter = new BinCounter(this.columns);
    this.counter = counter;
    this.counts = new RecentCounts(() => counter.empty());
  }

  /** What is added from here on is of this time. */
  at(nowMs: number): void {
    this.counts.at(nowMs);
  }

  /**
   * Adds a row that the model has scored.
   * @param values vectors one after another
   * @param offset where the row begins
   */
  add(values: Float32Array, offset: number, score: number): void {
    this.counter.add(values, offset, score, this.counts.current);
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
    return this.columns.map((_, c) => this.counter.of(c, total));
  }

  private read(counts: Float64Array): Reading[] {
    return this.columns.map((column, c) => readingOf(column, this.counter.of(c, counts), this.reference));
  }
}
