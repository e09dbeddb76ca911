import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '@fraud/contract';
import { MOST_READS, type CurrentTransaction } from '@fraud/features';
import type { AnsweredWithout, Behind } from './answered-without.js';
import { commitDecision } from './commit-decision.js';
import type { ScoringContext } from './context.js';
import { foldRepeats } from './fold-repeats.js';
import { readState } from './read-state.js';

/** Transactions that may wait for a store that is away; beyond it the oldest are left out, and counted. */
const MOST_WAITING = 20_000;
/** Nobody waits for an answer any more, ms. */
const TIMEOUT_MS = 1000;
/** Pause before a store that failed is tried again, ms. */
const RETRY_MS = 250;
/** So long a stop waits for what is left, ms. */
const CLOSE_WITHIN_MS = 2000;

/**
 * Brings what was answered without the store to the histories, behind the answers and at the store's pace: when the store is back, no
 * history has a hole. While the breaker of the store is open, this is what tries whether it is back.
 */
export class HistoriesBehind implements Behind {
  private readonly waiting: AnsweredWithout[] = [];
  private inHand: readonly AnsweredWithout[] = [];
  /** Of those, the store has still to say whether it took them. */
  private late = 0;
  private readonly lateOnes = new Set<Promise<void>>();
  private running: Promise<void> | null = null;
  private readonly closing = new AbortController();
  private closed = false;
  /** When the store failed last for somebody who waited, `performance.now()`. */
  private failedAt = -Infinity;
  private readonly context: ScoringContext;

  constructor(
    context: ScoringContext,
    private readonly failed: (code: ErrorCode, rows: number) => void,
  ) {
    this.context = { ...context, storeTimeoutMs: TIMEOUT_MS, observer: QUIET };
  }

  /** Transactions that histories do not know yet. */
  get depth(): number {
    return this.waiting.length + this.inHand.length + this.late;
  }

  get since(): number | null {
    return (this.inHand[0] ?? this.waiting[0])?.decidedAtMs ?? null;
  }

  add(answered: readonly AnsweredWithout[]): void {
    if (answered.length === 0) return;
    // After the end nothing is brought any more.
    if (this.closed) {
      this.failed('history_incomplete', answered.length);
      return;
    }
    for (const one of answered) this.waiting.push(one);
    if (answered[0]!.sent === true) this.failedAt = performance.now();
    this.bound();
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  addLate(answered: readonly AnsweredWithout[], appended: Promise<readonly boolean[]>): void {
    this.late += answered.length;
    const settled = this.settleLate(answered, appended).finally(() => {
      this.late -= answered.length;
      this.lateOnes.delete(settled);
    });
    this.lateOnes.add(settled);
  }

  /** Resolves when everything that waits was tried once. */
  async drain(): Promise<void> {
    const all = Promise.all(this.lateOnes).then(() => this.running);
    await Promise.race([all, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }

  /** Waits a little for what is left; what the store has not taken then is left out, and counted. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.drain();
    this.closed = true;
    this.leaveOut(this.waiting.length);
    // The store has not said what became of these.
    if (this.late > 0) this.failed('history_incomplete', this.late);
  }

  /** What the store took needs no second exchange, only its decision and its counters. */
  private async settleLate(
    answered: readonly AnsweredWithout[],
    appended: Promise<readonly boolean[]>,
  ): Promise<void> {
    this.failedAt = performance.now();
    const took = await appended.catch(() => null);
    // Counted as left out already.
    if (this.closed) return;
    if (took === null) {
      this.add(answered);
      return;
    }
    const taken = answered.filter((_, i) => took[i] === true);
    for (const { row, decision, decidedAtMs, observer } of taken)
      this.context.commits.add(commitDecision(row, decision, false, decidedAtMs, observer));
    this.context.log?.noteTaken(
      taken.map(({ row }) => row),
      null,
    );
    // What it did not take was in its log already, or is decided: not by this process.
    this.add(answered.filter((_, i) => took[i] !== true).map((one) => ({ ...one, sent: false })));
    if (taken.length > 0) await this.context.commits.flush();
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      // A store, or a process, that has too much to do already gets little more.
      if (performance.now() - this.failedAt < RETRY_MS) await this.pause();
      const some = this.waiting.splice(0, MOST_READS);
      this.inHand = some;
      const brought = await this.bring(some);
      // Until its counters have arrived, too.
      if (brought && this.waiting.length === 0) await this.context.commits.flush();
      this.inHand = [];
      if (brought) continue;
      this.waiting.unshift(...some);
      this.bound();
      await this.pause();
      if (this.closing.signal.aborted) return;
    }
  }

  private async pause(): Promise<void> {
    const { signal } = this.closing;
    if (!signal.aborted) await sleep(RETRY_MS, undefined, { ref: false, signal }).catch(() => undefined);
  }

  /** @returns false: the store is away */
  private async bring(some: readonly AnsweredWithout[]): Promise<boolean> {
    const { rows, firstOf } = foldRepeats(some.map(({ row }) => row));
    const { states } = await readState(rows, TIMEOUT_MS, this.context, true);
    if (states === null) {
      for (const one of some) one.tried = true;
      // Who waits for the store is told that it is away, also those whose turn has not come.
      for (const one of [...some, ...this.waiting]) {
        one.observer?.settled(one.row.parsed.transaction.transaction_id, 'failed');
        one.observer = undefined;
      }
      return false;
    }
    const taken: CurrentTransaction[] = [];
    const before: CurrentTransaction[] = [];
    rows.forEach((row, i) => {
      const one = some[firstOf.indexOf(i)]!;
      // Decided before: that decision stays the stored one.
      if (states[i]!.stored !== null) {
        one.observer?.settled(row.parsed.transaction.transaction_id, 'lost');
        return;
      }
      // In its log already: from here, or from an attempt elsewhere that may have been counted.
      const isIn = states[i]!.repeated;
      const repeated = isIn && one.sent !== true && one.tried !== true;
      // Where only the reply was late, it has been there since it was decided.
      (isIn && one.sent === true && one.tried !== true ? before : taken).push(row);
      this.context.commits.add(commitDecision(row, one.decision, repeated, one.decidedAtMs, one.observer));
    });
    this.context.log?.noteTaken(before, null);
    this.context.log?.noteTaken(taken, new Date());
    return true;
  }

  private bound(): void {
    if (this.waiting.length > MOST_WAITING) this.leaveOut(this.waiting.length - MOST_WAITING);
  }

  private leaveOut(rows: number): void {
    if (rows === 0) return;
    for (const { row, observer } of this.waiting.splice(0, rows))
      observer?.settled(row.parsed.transaction.transaction_id, 'failed');
    this.failed('history_incomplete', rows);
  }
}

/** What happens behind answers that have left is told by the depth of the queue, and by what is left out. */
const QUIET: ScoringContext['observer'] = {
  turn: () => undefined,
  decided: () => undefined,
  failed: () => undefined,
  shadowed: () => undefined,
};
