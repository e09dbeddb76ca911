import type { CodeColumn } from './reference.js';

/** Fields of a transaction by name. */
export type Codes = Readonly<Record<string, string | null | undefined>>;

/** Where the counts of a column are. */
interface Place {
  readonly field: string;
  readonly slots: ReadonlyMap<string, number>;
  readonly missing: number;
  readonly unseen: number;
}

/** Finds the bins of codes and counts them. */
export class CodeCounter {
  /** Counts that it needs. */
  readonly length: number;
  private readonly places: readonly Place[];

  /** @param base where its counts begin among those of a row */
  constructor(
    private readonly columns: readonly CodeColumn[],
    base = 0,
  ) {
    let next = base;
    this.places = columns.map(({ name, values, rare, bins }) => {
      const first = next;
      next += bins.length;
      const slots = new Map(values.map((value, i) => [value, first + i]));
      for (const value of rare) slots.set(value, first + values.length);
      return { field: name, slots, missing: next - 2, unseen: next - 1 };
    });
    this.length = next - base;
  }

  /** Adds a row. */
  add(codes: Codes, counts: Uint32Array): void {
    for (const { field, slots, missing, unseen } of this.places) {
      const code = codes[field];
      const slot = code === undefined || code === null ? missing : (slots.get(code) ?? unseen);
      counts[slot]!++;
    }
  }

  /** Counts of a column in the order of its bins. */
  of(column: number, counts: ArrayLike<number>): number[] {
    const { unseen } = this.places[column]!;
    const first = unseen + 1 - this.columns[column]!.bins.length;
    return Array.from(this.columns[column]!.bins, (_, i) => counts[first + i]!);
  }
}
