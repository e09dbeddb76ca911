import { parseInstant } from '@fraud/contract';
import type { LabelledTransaction } from '@fraud/traffic';
import { OutcomeTally } from '../quality/outcome-tally.js';
import { ScoredRows } from '../quality/scored-rows.js';
import type { Verdict } from './scorer.js';

/** What a replay has seen. */
export class ReplayStats {
  readonly tally = new OutcomeTally();
  readonly scored = new ScoredRows();
  readonly refused = new Map<string, number>();
  rows = 0;
  /** Labelled decisions without a score: not part of AUC and average precision. */
  unscored = 0;
  /** Rows that lie before the row in front of them. */
  late = 0;
  private lastMs = -Infinity;

  /** @param toReference converts minor units of a currency to those of the reference currency */
  constructor(private readonly toReference: (amount: number, currency: string) => number) {}

  add({ transaction, label }: LabelledTransaction, verdict: Verdict): void {
    this.rows++;
    if ('refused' in verdict) {
      this.refused.set(verdict.refused, (this.refused.get(verdict.refused) ?? 0) + 1);
      return;
    }
    const { decision } = verdict;
    const at = parseInstant(transaction.occurred_at)?.epochMs ?? this.lastMs;
    if (at < this.lastMs) this.late++;
    else this.lastMs = at;
    this.tally.add(decision, label, this.toReference(transaction.amount, transaction.currency));
    if (label === null) return;
    if (decision.score === undefined) this.unscored++;
    else this.scored.add(decision.score, label.fraud);
  }

  get refusedCount(): number {
    return [...this.refused.values()].reduce((a, b) => a + b, 0);
  }
}
