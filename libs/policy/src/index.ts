export {
  CALM_GUARD,
  guarded,
  look,
  NO_SAFE_MODE,
  safeModesOf,
  USUAL_GUARD,
  type GuardCounts,
  type GuardPolicy,
  type GuardState,
  type SafeModes,
  type SideState,
} from './guard.js';
export {
  outcomeOf,
  POLICY_SCHEMA,
  policyFaults,
  type OutcomePolicy,
  type Policy,
  type Thresholds,
  type WhenFull,
} from './policy.js';
export { outOfBounds, type RolloutBounds, type RolloutCounts } from './rollout-guard.js';
export { settle, type Settled } from './rules/precedence.js';
export { readRules, RulesRefused } from './rules/read-rules.js';
export type { Rule, RuleAction, RuleMode } from './rules/rule.js';
export type { RuleFacts } from './rules/rule-facts.js';
export { RuleLanguage } from './rules/rule-language.js';
export { RuleSet, type Hits, type ReadyRule } from './rules/rule-set.js';
