import { identify } from '@fraud/contract';
import type { Arrival } from './arrival.js';
import type { Result } from './pipeline.js';

/** A transaction on its way through the turns. */
export interface Submitted extends Arrival {
  readonly budgetMs: number;
  readonly result: Promise<Result>;
  mayWait: boolean;
  /** Settled: by a turn, or by what was found elsewhere. */
  answered: boolean;
  /** The records, for its answer. */
  asked: 'no' | 'asking' | 'answered';
  resolve(result: Result): void;
  reject(cause: unknown): void;
}

/** What has no answer yet, by transaction id. */
export class Unanswered {
  private readonly first = new Map<string, Submitted>();

  /** The one under way whose answer this one gets, too; null: it is on its own. */
  firstOf(row: Submitted): Submitted | null {
    const { transaction_id: id } = row.parsed.transaction;
    const first = this.first.get(id);
    if (first === undefined) this.first.set(id, row);
    return first !== undefined && isRepeat(row, first) ? first : null;
  }

  answered(row: Submitted): void {
    const { transaction_id: id } = row.parsed.transaction;
    if (this.first.get(id) === row) this.first.delete(id);
  }
}

/** The same once more, which may wait as long, and whose decision is settled with the first one's. */
function isRepeat(row: Submitted, first: Submitted): boolean {
  return (
    first.arrivedAt + first.budgetMs <= row.arrivedAt + row.budgetMs &&
    first.settlement === row.settlement &&
    identify(first.parsed.transaction).contentHash === identify(row.parsed.transaction).contentHash
  );
}
