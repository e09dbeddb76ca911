import type { LabelledTransaction } from '@fraud/traffic';
import type { FeatureRows } from './feature-rows.js';
import type { StoredVectors } from './stored-vectors.js';

/** A feature that knows the future, and the first row that gives it away. */
export interface LookAhead {
  readonly feature: string;
  readonly row: LabelledTransaction;
}

/**
 * Looks for a feature whose value depends on what came later: each vector of the prefix, computed without all that, must equal
 * the matrix to the bit.
 * @param prefix the first rows of the matrix, computed from what was known at their end
 * @returns the first difference, null where there is none
 */
export async function findLookAhead(
  matrix: StoredVectors,
  prefix: AsyncIterable<FeatureRows>,
): Promise<LookAhead | null> {
  let number = 0;
  for await (const { rows, vectors } of prefix) {
    for (const [i, row] of rows.entries()) {
      const feature = await matrix.difference(number++, vectors[i]!);
      if (feature !== undefined) return { feature, row };
    }
  }
  return null;
}
