import { rank, type Scored } from './ranking.js';

/**
 * Area under the ROC curve: the probability that a fraud scores above a genuine row, ties counting half.
 * As scikit-learn's `roc_auc_score`. NaN unless both kinds occur. Scores must not be NaN.
 */
export function rocAuc(rows: Scored): number {
  let frauds = 0;
  let genuine = 0;
  let wins = 0;
  for (const tie of rank(rows)) {
    // The frauds met so far beat these genuine rows; those of the same score beat them by half.
    wins += tie.genuine * (frauds + tie.frauds / 2);
    frauds += tie.frauds;
    genuine += tie.genuine;
  }
  return wins / (frauds * genuine);
}
