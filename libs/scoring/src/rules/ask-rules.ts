import { VECTOR_LENGTH, type CurrentTransaction } from '@fraud/features';
import type { Hits } from '@fraud/policy';
import type { ScoringContext } from '../context.js';
import { RULE_LANGUAGE } from './rules-file.js';

/** Filled in for each row; nobody else looks at it in between. */
const facts = RULE_LANGUAGE.facts();

/**
 * Asks the rules about a row.
 * @param n its place in the vectors
 */
export function askRules(
  { parsed }: CurrentTransaction,
  n: number,
  vectors: Float32Array,
  score: number | null,
  atMs: number,
  { rules, observer }: Pick<ScoringContext, 'rules' | 'observer'>,
): Hits {
  facts.transaction.of = parsed.transaction;
  facts.values = vectors;
  facts.at = n * VECTOR_LENGTH;
  facts.score = score ?? NaN;
  return rules.ask(facts, atMs, (rule, cause) => {
    observer.failed('rule_failed', 1, new Error(`rule ${rule.id}: ${(cause as Error).message}`, { cause }));
  });
}
