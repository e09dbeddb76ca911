import { OUTCOMES, type Outcome } from '@fraud/contract';
import type { Sum } from '../quality/outcome-tally.js';
import { ScoredRows } from '../quality/scored-rows.js';
import { effectOf, EFFECTS, type Effect } from './effect.js';
import { KNOWN, type Known, type PastDecision, type PastTransaction } from './past-traffic.js';

const DAY_MS = 86_400_000;

/** Transactions by what was decided, then by what would be. */
export type Matrix = Record<Outcome, Record<Outcome, Sum>>;
export type EffectSums = Record<Effect, Sum>;

/** One day, UTC. */
export interface DayTally {
  judged: number;
  changed: number;
  readonly effects: Record<Known, EffectSums>;
}

/** What was decided beside what would be, against what is known today. Money in reference minor units. */
export class BacktestTally {
  readonly matrix: Record<Known, Matrix> = each(KNOWN, matrix);
  /** By day since the epoch. */
  readonly days = new Map<number, DayTally>();
  /** Customers, cards where there is no customer, with a legitimate transaction that would fare worse, or better. */
  readonly hit = new Set<string>();
  readonly relieved = new Set<string>();
  /** Frauds by scenario: all, and those stopped, then and now. */
  readonly scenarios = new Map<string, { all: Sum; was: Sum; wouldBe: Sum }>();
  /** Of rows that are labelled, and have a score from both. */
  readonly scores = { was: new ScoredRows(), wouldBe: new ScoredRows() };
  judged = 0;
  /** Of unknown amount: counted, not summed. */
  withoutAmount = 0;

  /** @param money reference minor units, NaN where it is not known */
  add(row: PastTransaction, was: PastDecision, wouldBe: PastDecision, money: number): void {
    const { known, atMs } = row;
    this.judged++;
    if (Number.isNaN(money)) this.withoutAmount++;
    count(this.matrix[known][was.outcome][wouldBe.outcome], money);
    const day = this.dayOf(Math.floor(atMs / DAY_MS));
    day.judged++;
    if (was.outcome !== wouldBe.outcome) day.changed++;
    const effect = effectOf(was.outcome, wouldBe.outcome);
    if (effect !== null) {
      count(day.effects[known][effect], money);
      if (known === 'legitimate') {
        const { customer_id, card_id } = row.parsed.transaction;
        (effect.startsWith('newly') ? this.hit : this.relieved).add(customer_id ?? card_id);
      }
    }
    if (known === 'fraud') this.addFraud(row.scenario ?? 'fraud', was.outcome, wouldBe.outcome, money);
    if (known !== 'unknown' && was.score !== null && wouldBe.score !== null) {
      this.scores.was.add(was.score, known === 'fraud');
      this.scores.wouldBe.add(wouldBe.score, known === 'fraud');
    }
  }

  private dayOf(number: number): DayTally {
    let day = this.days.get(number);
    if (day === undefined) {
      day = { judged: 0, changed: 0, effects: each(KNOWN, () => each(EFFECTS, zero)) };
      this.days.set(number, day);
    }
    return day;
  }

  private addFraud(scenario: string, was: Outcome, wouldBe: Outcome, money: number): void {
    let sums = this.scenarios.get(scenario);
    if (sums === undefined)
      this.scenarios.set(scenario, (sums = { all: zero(), was: zero(), wouldBe: zero() }));
    count(sums.all, money);
    if (isStopped(was)) count(sums.was, money);
    if (isStopped(wouldBe)) count(sums.wouldBe, money);
  }
}

const isStopped = (outcome: Outcome): boolean => outcome === 'review' || outcome === 'decline';

const zero = (): Sum => ({ count: 0, money: 0 });
const matrix = (): Matrix => each(OUTCOMES, () => each(OUTCOMES, zero));

function each<K extends string, V>(keys: readonly K[], value: () => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value()])) as Record<K, V>;
}

function count(sum: Sum, money: number): void {
  sum.count++;
  if (!Number.isNaN(money)) sum.money += money;
}
