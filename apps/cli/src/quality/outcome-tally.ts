import { type Decision, type Outcome, OUTCOMES } from '@fraud/contract';
import type { FraudLabel } from '@fraud/traffic';

/** Number of transactions and their money (minor units of the reference currency). */
export interface Sum {
  count: number;
  money: number;
}

export type OutcomeSums = Record<Outcome, Sum>;

/** What was decided against what was true, by count and by money. */
export class OutcomeTally {
  readonly all = emptySums();
  readonly genuine = emptySums();
  /** By scenario; `fraud` where the labels name none. */
  readonly frauds = new Map<string, OutcomeSums>();
  /** By what produced the decision, and the number of weakened answers. */
  readonly sources = new Map<string, number>();
  degraded = 0;
  labelled = 0;

  /** @param money amount in minor units of the reference currency, NaN where it is not known: counted, not summed */
  add(decision: Decision, label: FraudLabel | null, money: number): void {
    const { decision: outcome, source } = decision;
    count(this.all[outcome], money);
    this.sources.set(source, (this.sources.get(source) ?? 0) + 1);
    if (decision.degraded.length > 0) this.degraded++;
    if (label === null) return;
    this.labelled++;
    count(label.fraud ? this.scenario(label.scenario ?? 'fraud')[outcome] : this.genuine[outcome], money);
  }

  get decided(): number {
    return total(this.all).count;
  }

  /** All frauds together. */
  allFrauds(): OutcomeSums {
    const sums = emptySums();
    for (const scenario of this.frauds.values()) {
      for (const outcome of OUTCOMES) {
        sums[outcome].count += scenario[outcome].count;
        sums[outcome].money += scenario[outcome].money;
      }
    }
    return sums;
  }

  private scenario(name: string): OutcomeSums {
    let sums = this.frauds.get(name);
    if (sums === undefined) {
      sums = emptySums();
      this.frauds.set(name, sums);
    }
    return sums;
  }
}

/** The sum over some outcomes, all by default. */
export function total(sums: OutcomeSums, outcomes: readonly Outcome[] = OUTCOMES): Sum {
  return {
    count: outcomes.reduce((n, outcome) => n + sums[outcome].count, 0),
    money: outcomes.reduce((n, outcome) => n + sums[outcome].money, 0),
  };
}

function count(sum: Sum, money: number): void {
  sum.count++;
  if (!Number.isNaN(money)) sum.money += money;
}

function emptySums(): OutcomeSums {
  const zero = (): Sum => ({ count: 0, money: 0 });
  return { approve: zero(), step_up: zero(), review: zero(), decline: zero() };
}
