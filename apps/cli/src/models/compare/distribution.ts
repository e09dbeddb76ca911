/** Linear interpolation between order statistics, as numpy's default. @param sorted ascending, not empty */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

const BINS = 10;

/**
 * Population stability index of one sample against another: sum of (q - p) ln(q / p) over ten quantile bins of the first,
 * ties merged. An empty bin counts as half a row. By custom below 0.1 is stable, above 0.25 is another population.
 */
export function stabilityIndex(reference: readonly number[], sample: readonly number[]): number {
  const sorted = Float64Array.from(reference).toSorted();
  const quantiles = Array.from({ length: BINS - 1 }, (_, i) => quantile(sorted, (i + 1) / BINS));
  // A bin below the least value would hold nothing.
  const edges = [...new Set(quantiles)].filter((edge) => edge > sorted[0]!);
  const p = shares(reference, edges);
  const q = shares(sample, edges);
  return p.reduce((sum, share, i) => sum + (q[i]! - share) * Math.log(q[i]! / share), 0);
}

/** Bin i holds edges[i-1] <= value < edges[i]. */
function shares(values: readonly number[], edges: readonly number[]): number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of values) {
    let bin = 0;
    while (bin < edges.length && value >= edges[bin]!) bin++;
    counts[bin]!++;
  }
  return counts.map((count) => Math.max(count, 0.5) / values.length);
}
