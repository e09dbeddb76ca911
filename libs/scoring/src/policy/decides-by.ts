import type { FxTable } from '@fraud/features';
import type { Config } from '@fraud/platform';
import type { RuleSet } from '@fraud/policy';
import type { ScoringContext } from '../context.js';
import { VersionsOf } from '../versions-of.js';
import type { PolicyVersion } from './policy-file.js';

const USUAL_BUDGET_MS = 15;

/** What of a context follows from the policy and the rules. */
export type FromPolicy = Pick<ScoringContext, 'policy' | 'rules' | 'versions' | 'whenFull' | 'budgetMs'>;

/**
 * What a policy and rules make of a context.
 * @param budgetMs that of the door, where it has one: it wins
 */
export function decidesBy(
  { content, version }: PolicyVersion,
  rules: RuleSet,
  fx: FxTable,
  { LATENCY_BUDGET_MS }: Pick<Config, 'LATENCY_BUDGET_MS'>,
  budgetMs: number | undefined,
): FromPolicy {
  return {
    policy: content,
    rules,
    versions: new VersionsOf(version, fx.version, rules.version),
    whenFull: content.records?.when_full ?? 'answer',
    // The environment wins where it says something.
    budgetMs: budgetMs ?? LATENCY_BUDGET_MS ?? content.latency_budget_ms ?? USUAL_BUDGET_MS,
  };
}
