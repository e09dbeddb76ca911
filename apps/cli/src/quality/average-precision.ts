import { rank, type Scored } from './ranking.js';

/**
 * Average precision: the sum over thresholds of (gain in recall) × precision, without interpolation.
 * As scikit-learn's `average_precision_score`; rows of equal score are one threshold. NaN where there is no fraud.
 */
export function averagePrecision(rows: Scored): number {
  let frauds = 0;
  let flagged = 0;
  let sum = 0;
  for (const tie of rank(rows)) {
    frauds += tie.frauds;
    flagged += tie.frauds + tie.genuine;
    sum += (tie.frauds * frauds) / flagged;
  }
  return sum / frauds;
}
