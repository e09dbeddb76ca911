import type { ParsedTransaction } from '@fraud/contract';
import type { ScoringContext } from './context.js';
import { PUT_OFF, type Result } from './pipeline.js';
import type { Settlement } from './settlement.js';

/**
 * Puts off what could not be stored, where the store is waited for: it is not known whether another process decided it first. It gets the
 * same decision when it comes again, since that is recorded, and goes to the store ahead of the next question.
 */
export function putOff(
  transactions: readonly ParsedTransaction[],
  results: Result[],
  { failed }: Settlement,
  { waitsForStore }: ScoringContext,
): Result[] {
  if (!waitsForStore || failed.size === 0) return results;
  return results.map((result, i) =>
    failed.has(transactions[i]!.transaction.transaction_id) ? PUT_OFF : result,
  );
}
