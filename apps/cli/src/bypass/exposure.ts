import { OUTCOMES, type Outcome } from '@fraud/contract';
import type { LetThrough } from './would-be.js';

const HOUR_MS = 3_600_000;
const MOST_SHOWN = 10;

/** Transactions, and their money in reference minor units. */
export interface Sum {
  count: number;
  amount: number;
}

/** One of those with the highest scores. */
export interface Risky {
  readonly transaction_id: string;
  readonly decision_id: string;
  readonly would_be: Outcome;
  readonly score: number;
  readonly amount: number | null;
  readonly reasons: readonly string[];
}

/** What a bypass let through, and what would have become of it. */
export interface Exposure {
  readonly from: string;
  readonly to: string;
  readonly let_through: Sum;
  /** By the decision that it would have had. */
  readonly would_be: Readonly<Record<Outcome, Sum>>;
  /** What would have been declined or reviewed. */
  readonly exposure: Sum;
  /** Of all of it, what is known to be fraud by now. */
  readonly known_fraud: Sum;
  /** Had been decided before, and not approved. */
  readonly stopped_before: Sum;
  /** Would have been refused: ids that had been decided with other content. */
  readonly conflicts: Sum;
  /** In a currency without a rate: in no sum of money. */
  readonly unknown_currency: number;
  readonly by_hour: readonly { readonly hour: string; readonly let_through: Sum; readonly exposure: Sum }[];
  readonly riskiest: readonly Risky[];
}

/** Adds up what was let through. */
export class ExposureTally {
  private readonly all = zero();
  private readonly outcomes = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, zero()])) as Record<
    Outcome,
    Sum
  >;
  private readonly exposed = zero();
  private readonly fraud = zero();
  private readonly stoppedBefore = zero();
  private readonly conflicts = zero();
  private readonly hours = new Map<number, { all: Sum; exposed: Sum }>();
  private riskiest: Risky[] = [];
  private unknown = 0;
  private firstMs = Infinity;
  private lastMs = -Infinity;

  /** @param toReference NaN where there is no rate */
  constructor(private readonly toReference: (amount: number, currency: string) => number) {}

  get count(): number {
    return this.all.count;
  }

  add({ parsed, atMs, wouldBe, before, known }: LetThrough): void {
    const { amount, currency } = parsed.transaction;
    const money = this.toReference(amount, currency);
    if (Number.isNaN(money)) this.unknown += 1;
    this.firstMs = Math.min(this.firstMs, atMs);
    this.lastMs = Math.max(this.lastMs, atMs);
    const hour = this.hourOf(atMs);
    add(this.all, money);
    add(hour.all, money);
    if (known === 'fraud') add(this.fraud, money);
    if (wouldBe === 'conflict') {
      add(this.conflicts, money);
      return;
    }
    const { decision } = wouldBe;
    add(this.outcomes[decision], money);
    if (before && decision !== 'approve') add(this.stoppedBefore, money);
    if (decision === 'decline' || decision === 'review') {
      add(this.exposed, money);
      add(hour.exposed, money);
    }
    this.rank({ parsed, wouldBe }, money);
  }

  summary(): Exposure {
    return {
      from: new Date(this.firstMs).toISOString(),
      to: new Date(this.lastMs).toISOString(),
      let_through: this.all,
      would_be: this.outcomes,
      exposure: this.exposed,
      known_fraud: this.fraud,
      stopped_before: this.stoppedBefore,
      conflicts: this.conflicts,
      unknown_currency: this.unknown,
      by_hour: [...this.hours]
        .toSorted(([a], [b]) => a - b)
        .map(([hour, { all, exposed }]) => ({
          hour: new Date(hour).toISOString(),
          let_through: all,
          exposure: exposed,
        })),
      riskiest: this.riskiest,
    };
  }

  private hourOf(atMs: number): { all: Sum; exposed: Sum } {
    const hour = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    const found = this.hours.get(hour) ?? { all: zero(), exposed: zero() };
    this.hours.set(hour, found);
    return found;
  }

  private rank(
    {
      parsed,
      wouldBe,
    }: { parsed: LetThrough['parsed']; wouldBe: Exclude<LetThrough['wouldBe'], 'conflict'> },
    money: number,
  ): void {
    const { score, decision, decision_id, reasons } = wouldBe;
    const least = this.riskiest.at(-1)?.score ?? -1;
    if (score === undefined || (this.riskiest.length === MOST_SHOWN && score <= least)) return;
    const one: Risky = {
      transaction_id: parsed.transaction.transaction_id,
      decision_id,
      would_be: decision,
      score,
      amount: Number.isNaN(money) ? null : money,
      reasons: reasons.map(({ code }) => code),
    };
    this.riskiest = [...this.riskiest, one].toSorted((a, b) => b.score - a.score).slice(0, MOST_SHOWN);
  }
}

const zero = (): Sum => ({ count: 0, amount: 0 });

function add(sum: Sum, money: number): void {
  sum.count += 1;
  if (!Number.isNaN(money)) sum.amount += money;
}
