import type { Outcome, Source } from '@fraud/contract';
import type { ScoreCell } from '../store.js';
import { alertQuality } from './alert-quality.js';
import type { Alternatives } from './alternatives.js';
import {
  isInOrder,
  reaches,
  THRESHOLD_NAMES,
  type ScoreThresholds,
  type ThresholdName,
} from './outcome-threshold.js';

/** What a threshold stops and lets through. Money in reference minor units. */
interface Effect {
  /** Decisions with its outcome, or a more severe one. */
  readonly alerts: number;
  readonly frauds_caught: number;
  readonly money_caught: number;
  readonly frauds_missed: number;
  readonly money_missed: number;
  /** Legitimate transactions with an alert. */
  readonly legitimate_hit: number;
  readonly legitimate_money_hit: number;
  /** Of those, the ones that nobody said to be legitimate: they have no label. */
  readonly unlabelled_hit: number;
  readonly unlabelled_money_hit: number;
}

/** What would have been if a threshold had been another one, and all others those in force. */
export interface WhatIf extends Effect {
  readonly threshold: number;
  readonly in_force: boolean;
  /** False: a policy takes it only with another threshold moved as well. */
  readonly in_order: boolean;
  /** Frauds ÷ alerts; null where there are none. */
  readonly precision: number | null;
  /** Frauds caught ÷ frauds; null where there are none. */
  readonly recall: number | null;
  /** Alerts ÷ decisions, of legitimate transactions; null where there are none. */
  readonly false_positive_rate: number | null;
  /** More, or less, than with the threshold in force. */
  readonly difference: Effect;
}

/** Decisions that no threshold moves: they were made otherwise, or by the thresholds of degraded answers. */
export interface Unmoved {
  readonly source: Source;
  readonly degraded: boolean;
  readonly decisions: number;
  readonly money: number;
  /** Of the decisions, those in an unknown currency: they are in no sum of money. */
  readonly without_amount: number;
  readonly frauds: number;
  readonly fraud_money: number;
  /** Decisions with the outcome of each threshold, or a more severe one. */
  readonly alerts: Readonly<Record<ThresholdName, number>>;
}

export interface WhatIfs {
  /** By a score, with all its features: what the thresholds decide. */
  readonly decisions: number;
  readonly money: number;
  readonly frauds: number;
  readonly fraud_money: number;
  /** Decisions by version of the model: scores of another one lie elsewhere. */
  readonly models: Readonly<Record<string, number>>;
  /** Of the decisions, those that were recorded with another outcome than the thresholds in force give: by an earlier policy, or a guard. */
  readonly decided_otherwise: number;
  /** Of the decisions, those that were declined and have no label. They count as legitimate: nobody sees what a declined one would have been. */
  readonly declined_unlabelled: number;
  readonly declined_unlabelled_money: number;
  /** What stays as it was, whatever the thresholds are; in no figure of the alternatives. */
  readonly unmoved: readonly Unmoved[];
  /** Ascending. */
  readonly thresholds: Readonly<Record<ThresholdName, readonly WhatIf[]>>;
}

/**
 * @param cells of mature weeks: what has no label counts as legitimate
 * @param edges of the bins of the cells; alternatives and thresholds are among them
 */
export function whatIfs(
  cells: readonly ScoreCell[],
  edges: readonly number[],
  inForce: ScoreThresholds,
  alternatives: Alternatives,
): WhatIfs {
  const moved = cells.filter(byThresholds);
  const frauds = moved.filter(({ fraud }) => fraud === true);
  const unseen = moved.filter(({ outcome, fraud }) => outcome === 'decline' && fraud === null);
  const isAbove = (threshold: number): Above => {
    const bin = edges.indexOf(threshold) + 1;
    return (cell) => cell.bin! >= bin;
  };
  const outcomeOf = (cell: ScoreCell): Outcome =>
    THRESHOLD_NAMES.findLast((name) => isAbove(inForce[name])(cell)) ?? 'approve';
  const of = (name: ThresholdName): WhatIf[] => {
    const now = judged(moved, isAbove(inForce[name]));
    return alternatives[name].map((threshold) => {
      const then = judged(moved, isAbove(threshold));
      return {
        threshold,
        in_force: threshold === inForce[name],
        in_order: isInOrder(name, threshold, inForce),
        ...then.effect,
        ...then.shares,
        difference: difference(then.effect, now.effect),
      };
    });
  };
  return {
    decisions: count(moved),
    money: money(moved),
    frauds: count(frauds),
    fraud_money: money(frauds),
    models: Object.fromEntries(
      [...Map.groupBy(moved, ({ model }) => model)].map(([model, some]) => [model, count(some)]),
    ),
    decided_otherwise: count(moved.filter((cell) => cell.outcome !== outcomeOf(cell))),
    declined_unlabelled: count(unseen),
    declined_unlabelled_money: money(unseen),
    unmoved: unmovedOf(cells),
    thresholds: { step_up: of('step_up'), review: of('review'), decline: of('decline') },
  };
}

type Above = (cell: ScoreCell) => boolean;

/** Whether a threshold of full answers decided: degraded ones have thresholds of their own. */
export const byThresholds = ({ source, degraded, bin }: ScoreCell): boolean =>
  source === 'model' && !degraded && bin !== null;

function judged(
  cells: readonly ScoreCell[],
  isAlert: Above,
): { effect: Effect; shares: Pick<WhatIf, 'precision' | 'recall' | 'false_positive_rate'> } {
  const found = alertQuality(cells, isAlert, true);
  const { alerts, frauds_caught, money_caught, frauds_missed, money_missed } = found;
  const { precision, recall, false_positive_rate } = found;
  const hit = cells.filter((cell) => cell.fraud !== true && isAlert(cell));
  const unlabelled = hit.filter(({ fraud }) => fraud === null);
  return {
    effect: {
      alerts,
      frauds_caught,
      money_caught,
      frauds_missed,
      money_missed,
      legitimate_hit: count(hit),
      legitimate_money_hit: money(hit),
      unlabelled_hit: count(unlabelled),
      unlabelled_money_hit: money(unlabelled),
    },
    shares: { precision, recall, false_positive_rate },
  };
}

const difference = (then: Effect, now: Effect): Effect =>
  Object.fromEntries(
    (Object.keys(then) as (keyof Effect)[]).map((figure) => [figure, then[figure] - now[figure]]),
  ) as unknown as Effect;

function unmovedOf(cells: readonly ScoreCell[]): Unmoved[] {
  const groups = Map.groupBy(
    cells.filter((cell) => !byThresholds(cell)),
    ({ source, degraded }) => `${source} ${degraded}`,
  );
  return [...groups.values()].map((some) => {
    const frauds = some.filter(({ fraud }) => fraud === true);
    const { source, degraded } = some[0]!;
    const alerts = (name: ThresholdName): number =>
      count(some.filter(({ outcome }) => reaches(outcome, name)));
    return {
      source,
      degraded,
      decisions: count(some),
      money: money(some),
      without_amount: some.reduce((sum, cell) => sum + cell.without_amount, 0),
      frauds: count(frauds),
      fraud_money: money(frauds),
      alerts: { step_up: alerts('step_up'), review: alerts('review'), decline: alerts('decline') },
    };
  });
}

const count = (cells: readonly ScoreCell[]): number => cells.reduce((sum, cell) => sum + cell.decisions, 0);
const money = (cells: readonly ScoreCell[]): number => cells.reduce((sum, cell) => sum + cell.amount, 0);
