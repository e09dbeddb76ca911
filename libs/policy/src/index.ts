export {
  outcomeOf,
  POLICY_SCHEMA,
  policyFaults,
  type OutcomePolicy,
  type Policy,
  type Thresholds,
} from './policy.js';
export { outOfBounds, type RolloutBounds, type RolloutCounts } from './rollout-guard.js';
