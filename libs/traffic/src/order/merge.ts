import { parseInstant } from '@fraud/contract';
import type { LabelledTransaction } from '../labelled-transaction.js';
import { TimeHeap, type Timed } from './time-heap.js';

interface Head extends Timed {
  readonly iterator: AsyncIterator<LabelledTransaction, unknown>;
  row: LabelledTransaction;
}

/**
 * Merges sources that are each in order of event time into one; on equal times the earlier source goes first, and the
 * rows of one source keep their order. A row whose time cannot be read goes with the row before it: refusing it is
 * the pipeline's business.
 */
export async function* mergeByEventTime(
  sources: readonly AsyncIterable<LabelledTransaction>[],
): AsyncGenerator<LabelledTransaction, void> {
  const heap = new TimeHeap<Head>();
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    for (const [order, iterator] of iterators.entries()) {
      const first = await iterator.next();
      if (first.done !== true)
        heap.push({ at: eventTime(first.value, 0), order, iterator, row: first.value });
    }
    for (let head = heap.peek(); head !== undefined; head = heap.peek()) {
      yield head.row;
      const next = await head.iterator.next();
      if (next.done === true) {
        heap.pop();
        continue;
      }
      head.row = next.value;
      head.at = eventTime(next.value, head.at);
      heap.delayTop();
    }
  } finally {
    // Closes the files of whoever stops early.
    for (const iterator of iterators) await iterator.return?.();
  }
}

function eventTime(row: LabelledTransaction, fallback: number): number {
  const { occurred_at } = row.transaction as { occurred_at?: unknown };
  return typeof occurred_at === 'string' ? (parseInstant(occurred_at)?.epochMs ?? fallback) : fallback;
}
