/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964;

/**
 * The 95 % interval of a share (Wilson 1927): unlike the share ± its standard error it stays within 0 and 1, and says something where
 * none or all were hit.
 * @param hits of `trials`, of which there is one at least
 */
export function wilson(hits: number, trials: number): readonly [low: number, high: number] {
  const share = hits / trials;
  const squared = (Z * Z) / trials;
  const middle = share + squared / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / trials + squared / (4 * trials));
  // At the ends the bound is the end; rounding would put it a little beside.
  const low = hits === 0 ? 0 : (middle - half) / (1 + squared);
  const high = hits === trials ? 1 : (middle + half) / (1 + squared);
  return [low, high];
}
