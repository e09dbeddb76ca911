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
