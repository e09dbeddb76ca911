/** What counts as drift, whatever the number of rows: the convention of the field, and the runbook's. */
export const USUAL_THRESHOLD = 0.1;
/** Rows below which nothing is said: chance alone moves the index of a smaller sample above the threshold. */
export const LEAST_ROWS = 1000;
export const LEAST_ROWS_WIDE = 5000;
/** More bins than so many make a column wide. */
export const WIDE_BINS = 20;
/** Standard normal quantile of 0.9999: by chance alone one column in 10,000 windows is above its bound. */
const Z = 3.719016485455709;

export const leastRows = (bins: number): number => (bins > WIDE_BINS ? LEAST_ROWS_WIDE : LEAST_ROWS);

/**
 * What rows × PSI stays below where nothing changed: the 0.9999 quantile of χ² with bins − 1 degrees of freedom, by the approximation of
 * Wilson and Hilferty (1931), which is within 3 % from five bins on
 * (and 7 % low with two, where the usual threshold is far above it).
 */
export function chiSquaredBound(bins: number): number {
  const k = Math.max(1, bins - 1);
  const spread = 2 / (9 * k);
  return k * (1 - spread + Z * Math.sqrt(spread)) ** 3;
}

/**
 * The index above which a column has drifted. With many bins and few rows chance alone goes beyond the usual one:
 * PSI ≈ χ² × (1 ÷ rows + 1 ÷ rows of the reference) where both are samples of the same (Yurdakul, 2018).
 */
export const thresholdOf = (bins: number, rows: number, referenceRows: number): number =>
  Math.max(USUAL_THRESHOLD, chiSquaredBound(bins) * (1 / rows + 1 / referenceRows));
