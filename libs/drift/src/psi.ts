/**
 * Least share that is reckoned with: half a row of the smallest sample that is judged. Below it nobody can tell rare from absent, and a
 * bin that is empty on both sides says nothing.
 */
export const LEAST_SHARE = 0.0005;

/**
 * Population stability index: sum of (actual − expected) × ln(actual ÷ expected) over the bins. 0 = the same; above 0.1 something
 * moved, above 0.25 a lot.
 * @param expected shares, which add up to 1
 * @param counts rows by bin; NaN where there are none
 */
export function psi(expected: ArrayLike<number>, counts: ArrayLike<number>): number {
  let rows = 0;
  for (let i = 0; i < expected.length; i++) rows += counts[i]!;
  if (rows === 0) return NaN;
  let sum = 0;
  for (let i = 0; i < expected.length; i++) {
    const e = Math.max(expected[i]!, LEAST_SHARE);
    const a = Math.max(counts[i]! / rows, LEAST_SHARE);
    sum += (a - e) * Math.log(a / e);
  }
  return sum;
}
