/** A limit below this would starve turns, one above is none. */
const LEAST = 48;
const MOST = 8192;
/** A burst that is over by then is no overload, ms; it may be so many times the limit. */
const BURST_MS = 100;
const BURST = 8;
/** After so long without a refusal the next burst may be one again, ms. */
const CALM_MS = 1000;

/** What a process has to do, now. */
export interface Work {
  /** Time that there is for one transaction, ms. */
  readonly timeMs: number;
  /** What each takes while many are under way, ms. */
  readonly eachMs: number;
  /** Transactions that have come in and have no decision yet. */
  readonly underWay: number;
}

/**
 * How many transactions may be under way at a time: as many as can be decided within the time that the last of them has. Where more are for longer
 * than a burst lasts, what comes is refused at once; it would wait only to be told that there is no time left.
 */
export class Admission {
  private refusedSoFar = 0;
  /** Since when there have been more than the limit; null: there are not. */
  private aboveSince: number | null = null;
  private refusedAt = -Infinity;

  constructor(private readonly work: Work) {}

  get limit(): number {
    const { timeMs, eachMs } = this.work;
    return Math.min(MOST, Math.max(LEAST, Math.floor(timeMs / eachMs)));
  }

  get underWay(): number {
    return this.work.underWay;
  }

  get refused(): number {
    return this.refusedSoFar;
  }

  /** @returns false: one more is to be refused, and counted as that */
  admits(nowMs: number): boolean {
    if (!this.isTooMuch(nowMs)) return true;
    this.refusedSoFar += 1;
    this.refusedAt = nowMs;
    return false;
  }

  private isTooMuch(nowMs: number): boolean {
    const { limit, underWay } = this;
    if (underWay < limit) {
      this.aboveSince = null;
      return false;
    }
    if (nowMs - this.refusedAt < CALM_MS) return true;
    this.aboveSince ??= nowMs;
    return underWay >= BURST * limit || nowMs - this.aboveSince >= BURST_MS;
  }
}
