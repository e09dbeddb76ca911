import type { ScoreCell } from '../store.js';
import { wilson } from './wilson.js';

/** Lower edges of the bins that are shown: finer towards 0, where most scores lie. */
export const CALIBRATION_EDGES = [
  0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95,
] as const;

/** Decisions whose scores lie at or above an edge and below the next one. */
export interface CalibrationBin {
  readonly from: number;
  /** 1 belongs to the last bin. */
  readonly to: number;
  readonly decisions: number;
  readonly frauds: number;
  /** What the model said, on average. */
  readonly mean_score: number;
  /** What came of it: frauds ÷ decisions. */
  readonly fraud_rate: number;
  /** 95 % interval of the rate (Wilson). */
  readonly fraud_rate_low: number;
  readonly fraud_rate_high: number;
  /** Declined, and without a label: they count as legitimate, and nobody may ever say otherwise. */
  readonly declined_unlabelled: number;
}

/** How far the scores of a model are the probabilities that they are meant to be. */
export interface Calibration {
  readonly model: string;
  readonly decisions: number;
  readonly frauds: number;
  /** The sum of the scores: how many frauds there should have been. */
  readonly expected_frauds: number;
  /** Mean distance of score and rate over the bins, by their decisions. */
  readonly expected_calibration_error: number;
  /** Mean squared distance of a score from what came of it, 0 or 1. */
  readonly brier_score: number;
  /** 1 − Brier score ÷ that of saying the fraud rate every time; below 0 the scores do worse than that. Null where all came to the same. */
  readonly brier_skill: number | null;
  /** The lowest scores first; those without decisions are left out. */
  readonly bins: readonly CalibrationBin[];
}

/**
 * @param cells of one model, by its score, not degraded, of mature weeks: what has no label counts as legitimate
 * @param edges of the bins of the cells; those of the calibration are among them
 */
export function calibrationOf(
  model: string,
  cells: readonly ScoreCell[],
  edges: readonly number[],
): Calibration {
  const shown = Map.groupBy(cells, ({ bin }) => shownBin(edges[bin! - 1]!));
  const bins = [...shown].toSorted(([a], [b]) => a - b).map(([place, some]) => binOf(place, some));
  const decisions = sum(cells, (cell) => cell.decisions);
  const frauds = sum(cells.filter(isFraud), (cell) => cell.decisions);
  const rate = frauds / decisions;
  // Σ (score − outcome)², the outcome being 0 or 1.
  const squares =
    sum(cells, (cell) => cell.scores_squared) -
    2 * sum(cells.filter(isFraud), (cell) => cell.scores) +
    frauds;
  const brier = Math.max(0, squares / decisions);
  return {
    model,
    decisions,
    frauds,
    expected_frauds: sum(cells, (cell) => cell.scores),
    expected_calibration_error:
      bins.reduce((total, bin) => total + bin.decisions * Math.abs(bin.mean_score - bin.fraud_rate), 0) /
      decisions,
    brier_score: brier,
    brier_skill: frauds === 0 || frauds === decisions ? null : 1 - brier / (rate * (1 - rate)),
    bins,
  };
}

function binOf(place: number, cells: readonly ScoreCell[]): CalibrationBin {
  const decisions = sum(cells, (cell) => cell.decisions);
  const frauds = sum(cells.filter(isFraud), (cell) => cell.decisions);
  const [low, high] = wilson(frauds, decisions);
  return {
    from: CALIBRATION_EDGES[place]!,
    to: CALIBRATION_EDGES[place + 1] ?? 1,
    decisions,
    frauds,
    mean_score: sum(cells, (cell) => cell.scores) / decisions,
    fraud_rate: frauds / decisions,
    fraud_rate_low: low,
    fraud_rate_high: high,
    declined_unlabelled: sum(
      cells.filter(({ outcome, fraud }) => outcome === 'decline' && fraud === null),
      (cell) => cell.decisions,
    ),
  };
}

const isFraud = ({ fraud }: ScoreCell): boolean => fraud === true;
const shownBin = (score: number): number => CALIBRATION_EDGES.findLastIndex((edge) => edge <= score);
const sum = (cells: readonly ScoreCell[], of: (cell: ScoreCell) => number): number =>
  cells.reduce((total, cell) => total + of(cell), 0);
