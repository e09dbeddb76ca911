import type { ScoreData } from '../store.js';
import { scoreEdges, type Alternatives } from './alternatives.js';
import { calibrationOf, type Calibration } from './calibration.js';
import { delayDistribution, MATURE, maturityOf } from './label-maturity.js';
import type { ScoreThresholds } from './outcome-threshold.js';
import type { QualityQuestion } from './quality-report.js';
import { byThresholds, whatIfs, type WhatIfs } from './what-if.js';

/** Why nothing can be said of scores yet. */
const NOT_KNOWN = ['no_decisions', 'too_few_settled_frauds', 'no_mature_week'] as const;

export interface ScoreReport {
  /** Of the transactions: from this moment, until before that one. */
  readonly from: string;
  readonly to: string;
  readonly as_of: string;
  readonly horizon_days: number;
  /** The version of the policy in force, and its thresholds. */
  readonly policy: string;
  readonly thresholds: ScoreThresholds;
  /** Mondays of the weeks that all figures are of. */
  readonly mature_weeks: readonly string[];
  /** Mondays of weeks that are in no figure: their frauds are not known yet. */
  readonly other_weeks: readonly string[];
  /** Why there are no figures; null where there are. */
  readonly not_known: (typeof NOT_KNOWN)[number] | null;
  /** By version of the model; null where it is not known. */
  readonly calibration: readonly Calibration[] | null;
  readonly what_ifs: WhatIfs | null;
}

/** What is asked for. */
export interface ScoreQuestion extends QualityQuestion {
  readonly policy: string;
  /** In force. */
  readonly thresholds: ScoreThresholds;
  readonly alternatives: Alternatives;
}

/**
 * Whether scores are probabilities, and what other thresholds would have stopped, as far as labels say: of mature weeks alone, since
 * in a young week a model that is too careful looks as if nothing it warns of were a fraud.
 *
 * @param data by the bins of `scoreEdges(alternatives)`
 */
export function scoreReport(
  data: ScoreData,
  nowMs: number,
  { fromMs, toMs, horizonDays, policy, thresholds, alternatives }: ScoreQuestion,
): ScoreReport {
  const delays = delayDistribution(data.delays, nowMs, horizonDays);
  const weeks = [...new Set(data.cells.map(({ week }) => week))].toSorted();
  const mature = weeks.filter((week) => delays !== null && maturityOf(week, delays, nowMs) >= MATURE);
  const cells = data.cells.filter(({ week }) => mature.includes(week));
  const edges = scoreEdges(alternatives);
  const byModel = Map.groupBy(cells.filter(byThresholds), ({ model }) => model);
  const unknown =
    weeks.length === 0 ? 'no_decisions' : delays === null ? 'too_few_settled_frauds' : 'no_mature_week';
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    as_of: new Date(nowMs).toISOString(),
    horizon_days: horizonDays,
    policy,
    thresholds,
    mature_weeks: mature,
    other_weeks: weeks.filter((week) => !mature.includes(week)),
    not_known: mature.length === 0 ? unknown : null,
    calibration:
      mature.length === 0 ? null : [...byModel].map(([model, some]) => calibrationOf(model, some, edges)),
    what_ifs: mature.length === 0 ? null : whatIfs(cells, edges, thresholds, alternatives),
  };
}
