import type { LabelledTransaction } from '@fraud/traffic';
import type { Warmed } from '@fraud/scoring';

/** What a warm has seen. */
export class WarmTally {
  new = 0;
  known = 0;
  leftOut = 0;
  readonly refused = new Map<string, number>();
  /** Of the rows that were new. */
  readonly merchants = new Set<string>();
  readonly terminals = new Set<string>();
  frauds = 0;
  /** Frauds that became known, and those of them that the store did not know. */
  labels = 0;
  newLabels = 0;

  add({ transaction, label }: LabelledTransaction, warmed: Warmed): void {
    if (label?.fraud === true) this.frauds++;
    if (warmed === 'known') this.known++;
    else if (warmed === 'left_out') this.leftOut++;
    else if (warmed === 'new') {
      this.new++;
      this.merchants.add(transaction.merchant_id);
      if (transaction.terminal_id !== undefined) this.terminals.add(transaction.terminal_id);
    } else this.refused.set(warmed.refused, (this.refused.get(warmed.refused) ?? 0) + 1);
  }

  addLabel(changed: boolean): void {
    this.labels++;
    if (changed) this.newLabels++;
  }

  get refusedCount(): number {
    return [...this.refused.values()].reduce((a, b) => a + b, 0);
  }

  get rows(): number {
    return this.new + this.known + this.leftOut + this.refusedCount;
  }
}
