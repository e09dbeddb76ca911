import { setTimeout as sleep } from 'node:timers/promises';
import type { Decision, ErrorCode } from '@fraud/contract';
import { MOST_READS, type CurrentTransaction } from '@fraud/features';
import { commitDecision } from '../commit-decision.js';
import type { ScoringContext } from '../context.js';
import { foldRepeats } from '../fold-repeats.js';
import { readState } from '../read-state.js';

/** Transactions that may wait for a store that is away; beyond it the oldest are left out, and counted. */
const MOST_WAITING = 20_000;
/** Nobody waits for an answer any more, ms. */
const TIMEOUT_MS = 1000;
/** Pause before a store that failed is tried again, ms. */
const RETRY_MS = 500;
/** So long a stop waits for what is left, ms. */
const CLOSE_WITHIN_MS = 2000;

/** A transaction whose answer has left. */
export interface Answered {
  readonly row: CurrentTransaction;
  readonly decision: Decision;
  readonly decidedAtMs: number;
  /** The store failed while it was tried: it may have taken it. */
  tried?: boolean;
}

/**
 * Brings what was waved through to the histories, behind the answers and at the store's pace: when scoring goes on, no history has a hole.
 * It is not scored: that can be done afterwards, from the records.
 */
export class HistoriesBehind {
  private readonly waiting: Answered[] = [];
  private inHand: readonly Answered[] = [];
  private running: Promise<void> | null = null;
  private closing = false;
  private readonly context: ScoringContext;

  constructor(
    context: ScoringContext,
    private readonly failed: (code: ErrorCode, rows: number) => void,
  ) {
    this.context = { ...context, storeTimeoutMs: TIMEOUT_MS, budgetMs: TIMEOUT_MS, observer: QUIET };
  }

  /** Transactions that histories do not know yet. */
  get depth(): number {
    return this.waiting.length + this.inHand.length;
  }

  add(answered: readonly Answered[]): void {
    this.waiting.push(...answered);
    this.bound();
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  /** Waits a little for what is left; what the store has not taken then is left out, and counted. */
  async close(): Promise<void> {
    this.closing = true;
    await Promise.race([this.running, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    this.leaveOut(this.waiting.length);
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, MOST_READS);
      this.inHand = some;
      const brought = await this.bring(some);
      // Until its counters have arrived, too.
      if (brought && this.waiting.length === 0) await this.context.commits.flush();
      this.inHand = [];
      if (brought) continue;
      this.waiting.unshift(...some);
      this.bound();
      if (this.closing) return;
      await sleep(RETRY_MS, undefined, { ref: false });
    }
  }

  /** @returns false: the store is away */
  private async bring(some: readonly Answered[]): Promise<boolean> {
    const { rows, firstOf } = foldRepeats(some.map(({ row }) => row));
    const { states } = await readState(rows, 0, this.context);
    if (states === null) {
      for (const one of some) one.tried = true;
      return false;
    }
    const taken: Answered[] = [];
    rows.forEach((row, i) => {
      // Decided before the bypass: that decision stays the stored one.
      if (states[i]!.stored !== null) return;
      const one = some[firstOf.indexOf(i)]!;
      const repeated = states[i]!.repeated && one.tried !== true;
      this.context.commits.add(commitDecision(row, one.decision, repeated, one.decidedAtMs, undefined));
      taken.push(one);
    });
    this.context.log?.noteTaken(taken.map(({ row }) => row));
    return true;
  }

  private bound(): void {
    if (this.waiting.length > MOST_WAITING) this.leaveOut(this.waiting.length - MOST_WAITING);
  }

  private leaveOut(rows: number): void {
    if (rows === 0) return;
    this.waiting.splice(0, rows);
    this.failed('bypass_history_incomplete', rows);
  }
}

/** What happens behind answers that have left is told by the depth of the queue, and by what is left out. */
const QUIET: ScoringContext['observer'] = {
  turn: () => undefined,
  decided: () => undefined,
  failed: () => undefined,
  shadowed: () => undefined,
};
