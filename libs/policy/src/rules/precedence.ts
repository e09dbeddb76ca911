import { OUTCOMES, type Outcome } from '@fraud/contract';
import type { ReadyRule } from './rule-set.js';

/** What is decided of a row, and by what. */
export interface Settled {
  readonly outcome: Outcome;
  /** The rules that made it that; empty where it is what it would have been without rules. */
  readonly by: readonly ReadyRule[];
}

const severity = (outcome: Outcome): number => OUTCOMES.indexOf(outcome);

/**
 * Which of the live rules that hit decides. The most severe outcome wins, whether a rule or the model asks for it: a rule is never
 * softened by a score, nor a score by a milder rule. `approve` overrides the model alone, up to a review: not its decline, not another rule,
 * and nothing where the model gave no score or the answer is degraded, since what is not known must not read as an approval.
 * @param without the outcome without rules
 * @param whole a model scored, and nothing was missing
 */
export function settle(hits: readonly ReadyRule[], without: Outcome, whole: boolean): Settled {
  let strictest: Outcome = 'approve';
  for (const { action } of hits) if (severity(action) > severity(strictest)) strictest = action;
  if (hits.length === 0) return { outcome: without, by: [] };
  if (strictest === 'approve')
    return whole && without !== 'approve' && without !== 'decline'
      ? { outcome: 'approve', by: hits }
      : { outcome: without, by: [] };
  return severity(strictest) < severity(without)
    ? { outcome: without, by: [] }
    : { outcome: strictest, by: hits.filter(({ action }) => action === strictest) };
}
