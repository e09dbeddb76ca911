import type { CurrentTransaction } from '@fraud/features';

/** The rows of a turn without repeats. */
export interface Folded {
  /** The first row of every transaction id. */
  readonly rows: readonly CurrentTransaction[];
  /** For every row that came in: where its transaction id is in `rows`. */
  readonly firstOf: readonly number[];
}

/** A transaction id that comes twice in one turn is read, decided and counted once. */
export function foldRepeats(all: readonly CurrentTransaction[]): Folded {
  if (all.length === 1) return { rows: all, firstOf: [0] };
  const places = new Map<string, number>();
  const rows: CurrentTransaction[] = [];
  const firstOf = all.map((row) => {
    const id = row.parsed.transaction.transaction_id;
    const place = places.get(id);
    if (place !== undefined) return place;
    places.set(id, rows.length);
    return rows.push(row) - 1;
  });
  return { rows, firstOf };
}
