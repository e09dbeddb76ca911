import type { ParsedTransaction } from '@fraud/contract';
import { TimeHeap, type Timed } from '@fraud/traffic';
import type { PastTransaction } from './past-traffic.js';
import type { Period } from './period.js';

/** Rows that are taken together, and what became known just before them. */
export interface Step {
  readonly known: readonly { readonly parsed: ParsedTransaction; readonly fraud: boolean }[];
  readonly rows: readonly PastTransaction[];
  /** Whether they lie in the period; else they only leave traces. */
  readonly judged: boolean;
}

interface Pending extends Timed {
  readonly parsed: ParsedTransaction;
  readonly fraud: boolean;
}

/**
 * Groups rows so that each is decided with exactly the labels that were known by then: a step ends where a label becomes known,
 * and where the period begins. What lies before the warm-up or behind the period is left out.
 * @param size most rows of a step
 * @param seen told of every row, also of those that are left out
 */
export async function* pointInTime(
  groups: AsyncIterable<readonly PastTransaction[]>,
  { warmFromMs, fromMs, toMs }: Period,
  size: number,
  seen: (row: PastTransaction) => void,
): AsyncGenerator<Step, void> {
  const pending = new TimeHeap<Pending>();
  let order = 0;
  let known: Step['known'][number][] = [];
  let rows: PastTransaction[] = [];
  let judged = false;
  for await (const group of groups) {
    for (const row of group) {
      seen(row);
      const { atMs, parsed, labels } = row;
      if (atMs < warmFromMs || atMs >= toMs) continue;
      const isJudged = atMs >= fromMs;
      const due = (pending.peek()?.at ?? Infinity) <= atMs;
      if (rows.length > 0 && (due || isJudged !== judged || rows.length === size)) {
        yield { known, rows, judged };
        known = [];
        rows = [];
      }
      judged = isJudged;
      while ((pending.peek()?.at ?? Infinity) <= atMs) known.push(pending.pop()!);
      rows.push(row);
      for (const { fraud, knownAtMs } of labels)
        pending.push({ at: knownAtMs, order: order++, parsed, fraud });
    }
  }
  if (rows.length > 0) yield { known, rows, judged };
}
