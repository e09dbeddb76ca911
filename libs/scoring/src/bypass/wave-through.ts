import { problem, type Decision, type ParsedTransaction } from '@fraud/contract';
import { toCurrent, type CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from '../context.js';
import type { Decided } from '../decided.js';
import { foldRepeats } from '../fold-repeats.js';
import type { Result } from '../pipeline.js';
import { wavedThrough } from './waved-through.js';

/** What was approved unscored since the start of the process. */
export interface WavedThrough {
  readonly transactions: number;
  /** Reference minor units; what is in an unknown currency is not in it. */
  readonly amount: number;
}

interface Submitted {
  readonly parsed: ParsedTransaction;
  resolve(result: Result): void;
  reject(cause: unknown): void;
}

const CONFLICT: Result = { kind: 'refused', problem: problem('transaction_conflict') };

/**
 * Approves what arrives in one turn of the event loop, without store and model, and records it by one write before the answers leave.
 * What the store would have said is not known: also what was decided before is approved.
 */
export class WaveThrough {
  private waiting: Submitted[] = [];
  private transactions = 0;
  private amount = 0;

  constructor(private context: ScoringContext) {}

  /** From the next turn on, names another policy. */
  use(context: ScoringContext): void {
    this.context = context;
  }

  get counts(): WavedThrough {
    return { transactions: this.transactions, amount: this.amount };
  }

  submit(parsed: ParsedTransaction): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    if (this.waiting.push({ parsed, resolve, reject }) === 1) setImmediate(() => this.run());
    return promise;
  }

  private run(): void {
    const turn = this.waiting;
    this.waiting = [];
    try {
      const results = this.answer(turn.map(({ parsed }) => toCurrent(parsed, this.context.fx)));
      for (let i = 0; i < turn.length; i++) turn[i]!.resolve(results[i]!);
    } catch (cause) {
      for (const row of turn) row.reject(cause);
    }
  }

  private answer(all: readonly CurrentTransaction[]): Result[] {
    const { rows, firstOf } = foldRepeats(all);
    const decidedAtMs = Date.now();
    const decided = this.record(rows, new Date(decidedAtMs).toISOString());
    this.context.behind?.add(rows.map((row, i) => ({ row, decision: decided[i]!.decision, decidedAtMs })));
    for (const [i, { decision }] of decided.entries()) {
      this.transactions += 1;
      const { amount } = rows[i]!;
      if (!Number.isNaN(amount)) this.amount += amount;
      this.context.observer.decided(decision, false);
    }
    return all.map((row, i): Result => {
      const place = firstOf[i]!;
      const first = rows[place]!;
      if (row.identity.contentHash !== first.identity.contentHash) return CONFLICT;
      return { kind: 'decided', ...decided[place]!, replayed: row !== first };
    });
  }

  /** Answers go out whatever becomes of the records: that is what a bypass is for. Those that are not recorded say so. */
  private record(rows: readonly CurrentTransaction[], decidedAt: string): Decided[] {
    const { log, observer, versions } = this.context;
    const decide = (unrecorded: boolean): Decided[] =>
      rows.map((row) => {
        const decision: Decision = wavedThrough(row, versions.of(null), decidedAt, unrecorded);
        return { decision, json: JSON.stringify(decision) };
      });
    if (log === null) return decide(false);
    if (!log.full) {
      const decided = decide(false);
      if (log.appendUnscored(rows, decided)) return decided;
    }
    observer.failed('decision_unrecorded', rows.length);
    return decide(true);
  }
}
