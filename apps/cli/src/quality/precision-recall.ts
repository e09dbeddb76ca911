import type { Outcome } from '@fraud/contract';
import { type OutcomeTally, type Sum, total } from './outcome-tally.js';

/** How well "this outcome or a more severe one" separates fraud from genuine traffic. */
export interface Operating {
  readonly outcomes: readonly Outcome[];
  readonly caught: Sum;
  readonly falsePositives: Sum;
  /** Share of frauds among the flagged; NaN when none was flagged. */
  readonly precision: number;
  /** Share of the frauds that was flagged, by count and by money; NaN without fraud. */
  readonly recall: number;
  readonly moneyRecall: number;
  /** Share of the genuine traffic that was flagged; NaN without any. */
  readonly falsePositiveRate: number;
}

/** The three ways to read a decision as a flag: any friction, stopped, refused. */
export const LEVELS: readonly (readonly Outcome[])[] = [
  ['step_up', 'review', 'decline'],
  ['review', 'decline'],
  ['decline'],
];

export function operatingPoint(tally: OutcomeTally, outcomes: readonly Outcome[]): Operating {
  const frauds = tally.allFrauds();
  const caught = total(frauds, outcomes);
  const falsePositives = total(tally.genuine, outcomes);
  return {
    outcomes,
    caught,
    falsePositives,
    precision: caught.count / (caught.count + falsePositives.count),
    recall: caught.count / total(frauds).count,
    moneyRecall: caught.money / total(frauds).money,
    falsePositiveRate: falsePositives.count / total(tally.genuine).count,
  };
}
