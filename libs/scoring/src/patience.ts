import { setTimeout as sleep } from 'node:timers/promises';
import type { CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { inTime, LATE } from './in-time.js';
import { answerRecorded, type Result } from './pipeline.js';

/** Until the store is asked again, ms: about as long as a commit lingers; and where that was not it, long enough to cost nothing. */
const PAUSE_MS = 2;
const LONG_PAUSE_MS = 20;
/** Of the budget, so much may be waited; the rest is for deciding after all. */
const SHARE_OF_BUDGET = 0.6;
/** For so long it is likely to be a matter of moments, ms. */
const SOON_MS = 50;
/** A decision that another process has in hand is stored by then, ms, also where that process is busy. */
const IN_HAND_MS = 250;
/** So long may the records take to say whether they have it, where the budget is larger than that, ms. */
const RECORDS_MS = 1000;

/** How a transaction waits whose event is in its card's log, from an attempt of which no decision is stored (yet). */
export class Patience {
  constructor(private readonly context: Pick<ScoringContext, 'log' | 'breakers'>) {}

  /** @param asking the records have not said yet whether they have it */
  lasts({ arrivedAt, budgetMs }: { arrivedAt: number; budgetMs: number }, asking: boolean): boolean {
    const most = Math.min(asking ? RECORDS_MS : IN_HAND_MS, budgetMs * SHARE_OF_BUDGET);
    return performance.now() - arrivedAt < most;
  }

  pause(arrivedAt: number): Promise<void> {
    return sleep(performance.now() - arrivedAt < SOON_MS ? PAUSE_MS : LONG_PAUSE_MS);
  }

  /** The recorded answer; null where there is none, or the records cannot be asked. */
  async recorded(row: CurrentTransaction): Promise<Result | null> {
    const { log } = this.context;
    const breaker = this.context.breakers.records;
    if (log === null) return null;
    try {
      const ask = async () => {
        const found = await inTime(log.answerOf(row), RECORDS_MS);
        // For the breaker that is as if they had failed.
        if (found === LATE) throw new Error(`the records did not answer within ${RECORDS_MS} ms`);
        return found;
      };
      const found = await (breaker === null ? ask() : breaker.run(ask));
      return found === null ? null : answerRecorded(row, found);
    } catch {
      // What is away is reported by who watches it.
      return null;
    }
  }
}
