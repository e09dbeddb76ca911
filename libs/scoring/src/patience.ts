import { setTimeout as sleep } from 'node:timers/promises';
import type { CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { answerRecorded, type Result } from './pipeline.js';

/** Until the store is asked again, ms: about as long as a commit lingers; and where that was not it, long enough to cost nothing. */
const PAUSE_MS = 2;
const LONG_PAUSE_MS = 20;
/** Of the budget, so much may be waited; the rest is for deciding after all. */
const SHARE_OF_BUDGET = 0.6;
/** A decision that another process has in hand is stored by then, ms. */
const IN_HAND_MS = 50;
/** So long may the records take to say whether they have it, where the budget is larger than that, ms. */
const RECORDS_MS = 1000;

/** How a transaction waits whose event is in its card's log, from an attempt of which no decision is stored (yet). */
export class Patience {
  private readonly inHandMs: number;
  private readonly recordsMs: number;

  constructor(private readonly context: Pick<ScoringContext, 'budgetMs' | 'log'>) {
    const share = context.budgetMs * SHARE_OF_BUDGET;
    this.inHandMs = Math.min(IN_HAND_MS, share);
    this.recordsMs = Math.min(RECORDS_MS, share);
  }

  /** @param asking the records have not said yet whether they have it */
  lasts(arrivedAt: number, asking: boolean): boolean {
    return performance.now() - arrivedAt < (asking ? this.recordsMs : this.inHandMs);
  }

  pause(arrivedAt: number): Promise<void> {
    return sleep(performance.now() - arrivedAt < IN_HAND_MS ? PAUSE_MS : LONG_PAUSE_MS);
  }

  /** The recorded answer; null where there is none, or the records cannot be asked. */
  async recorded(row: CurrentTransaction): Promise<Result | null> {
    try {
      const found = (await this.context.log?.answerOf(row)) ?? null;
      return found === null ? null : answerRecorded(row, found);
    } catch {
      // What is away is reported by who watches it.
      return null;
    }
  }
}
