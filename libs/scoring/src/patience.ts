import { setTimeout as sleep } from 'node:timers/promises';
import type { CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { answerRecorded, type Result } from './pipeline.js';

/** Until the store is asked again, ms: about as long as a commit lingers. */
const PAUSE_MS = 2;
/** Of the budget, so much may be waited; the rest is for deciding after all. */
const SHARE_OF_BUDGET = 0.6;
/** Where nobody waits for an answer within milliseconds, ms. */
const LONGEST_MS = 50;

/** How a transaction waits whose event is in its card's log, from an attempt of which no decision is stored (yet). */
export class Patience {
  private readonly longestMs: number;

  constructor(private readonly context: Pick<ScoringContext, 'budgetMs' | 'log'>) {
    this.longestMs = Math.min(LONGEST_MS, context.budgetMs * SHARE_OF_BUDGET);
  }

  lasts(arrivedAt: number): boolean {
    return performance.now() - arrivedAt < this.longestMs;
  }

  pause(): Promise<void> {
    return sleep(PAUSE_MS);
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
