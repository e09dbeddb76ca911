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
