/** Groups rows, in their order; the last group may be smaller. @param limit most rows in all */
export async function* batches<T>(
  rows: Iterable<T> | AsyncIterable<T>,
  size: number,
  limit = Infinity,
): AsyncGenerator<T[], void> {
  let batch: T[] = [];
  let taken = 0;
  if (limit <= 0) return;
  for await (const row of rows) {
    batch.push(row);
    taken++;
    if (batch.length === size || taken >= limit) {
      yield batch;
      batch = [];
    }
    if (taken >= limit) return;
  }
  if (batch.length > 0) yield batch;
}
