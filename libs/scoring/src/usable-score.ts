const SCORE_UNIT = 1e6;

/** A score as answers show it, so that the decision follows from what is shown; null for NaN and what is no probability. */
export function usableScore(score: number | undefined): number | null {
  if (score === undefined || !(score >= 0 && score <= 1)) return null;
  return Math.round(score * SCORE_UNIT) / SCORE_UNIT;
}
