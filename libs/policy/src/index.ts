export { outcomeOf, POLICY_SCHEMA, policyFaults, type Policy, type Thresholds } from './policy.js';
