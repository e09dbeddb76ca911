import type { ParsedTransaction } from '@fraud/contract';
import { toCurrent } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { answerStored, PUT_OFF, type Result } from './pipeline.js';

const TIMEOUT_MS = 1000;

/** Replaces the answers of transactions that another process decided first by what is stored. */
export async function storedInstead(
  transactions: readonly ParsedTransaction[],
  results: readonly Result[],
  lost: ReadonlySet<string>,
  context: ScoringContext,
): Promise<Result[]> {
  const ids = [...lost];
  let stored: ReadonlyMap<string, Buffer | null>;
  try {
    const values = await context.store.decisions(ids, TIMEOUT_MS);
    stored = new Map(ids.map((id, i) => [id, values[i]!]));
  } catch (cause) {
    context.observer.failed('features_unavailable', lost.size, cause);
    if (!context.waitsForStore) return [...results];
    return results.map((result, i) =>
      lost.has(transactions[i]!.transaction.transaction_id) ? PUT_OFF : result,
    );
  }
  return results.map((result, i) => {
    const parsed = transactions[i]!;
    const value = stored.get(parsed.transaction.transaction_id) ?? null;
    return answerStored(toCurrent(parsed, context.fx), value, context) ?? result;
  });
}
