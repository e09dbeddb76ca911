import type { NumberColumn } from './reference.js';

/** Slots of a column: its bins, padding, and at the end those of values outside the range and of missing ones. */
const SLOTS = 16;
const OTHER = SLOTS - 2;
const MISSING = SLOTS - 1;
/** So many edges a reference may have at most, to leave room for both. */
export const MOST_EDGES = OTHER - 1;

/**
 * Finds the bins of rows and counts them. Every transaction passes here with every feature, so it does without branches that a
 * processor could guess wrong: four comparisons find one of sixteen slots.
 */
export class BinCounter {
  /** Counts that it needs. */
  readonly length: number;
  /** Padded with values that nothing reaches. */
  private readonly edges: Float64Array;
  private readonly places: Int32Array;
  private readonly least: Float64Array;
  private readonly greatest: Float64Array;

  constructor(private readonly columns: readonly NumberColumn[]) {
    this.length = columns.length * SLOTS;
    this.edges = new Float64Array(columns.length * SLOTS).fill(Infinity);
    columns.forEach(({ edges }, c) => {
      this.edges.set(edges, c * SLOTS);
    });
    this.places = Int32Array.from(columns, ({ place }) => place ?? -1);
    this.least = Float64Array.from(columns, ({ range }) => range?.[0] ?? -Number.MAX_VALUE);
    this.greatest = Float64Array.from(columns, ({ range }) => range?.[1] ?? Number.MAX_VALUE);
  }

  /**
   * Adds a row.
   * @param values vectors one after another
   * @param offset where the row begins
   * @param counts as many as `length`, or more
   */
  add(values: Float32Array, offset: number, score: number, counts: Uint32Array): void {
    const { edges, places, least, greatest } = this;
    for (let c = 0; c < places.length; c++) {
      const place = places[c]!;
      const value = place < 0 ? score : values[offset + place]!;
      const base = c * SLOTS;
      let slot = base;
      slot += Number(value >= edges[slot + 7]!) * 8;
      slot += Number(value >= edges[slot + 3]!) * 4;
      slot += Number(value >= edges[slot + 1]!) * 2;
      slot += Number(value >= edges[slot]!);
      if (value < least[c]! || value > greatest[c]!) slot = base + OTHER;
      if (Number.isNaN(value)) slot = base + MISSING;
      counts[slot]!++;
    }
  }

  /** Counts of a column in the order of its bins: those between edges, missing, other. */
  of(column: number, counts: ArrayLike<number>): number[] {
    const base = column * SLOTS;
    const found = this.columns[column]!.edges.map((_, i) => counts[base + i]!);
    found.push(counts[base + found.length]!, counts[base + MISSING]!, counts[base + OTHER]!);
    return found;
  }
}
