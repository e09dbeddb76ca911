export type { ScoringObserver } from './context.js';
export { DecisionLog, readVector, type RecordSink } from './decision-log.js';
export { DecisionReplay, type ReplayedRow } from './decision-replay.js';
export { DriftWatch, WATCHABLE, type WatchedModel } from './drift-watch.js';
export { Engine } from './engine.js';
export type { EngineObserver } from './engine-observer.js';
export type { Limits } from './open-parts.js';
export { openFeatureReplay, type FeatureReplay } from './feature-replay.js';
export { openModels } from './open-models.js';
export type { Result } from './pipeline.js';
export { PolicyFile, parsePolicy, readPolicy, type PolicyVersion } from './policy/policy-file.js';
export { parseRules, readRulesFile, RULE_LANGUAGE, RulesFile } from './rules/rules-file.js';
export { RulesTrial, type Tried, type TriedRule } from './rules/rules-trial.js';
export type { RefusedFile } from './file-in-force.js';
export { DEPENDENCIES, type Dependency } from './breaker.js';
export { reasonsOf } from './reasons.js';
export { reproduceDecision } from './reproduce/reproduce-decision.js';
export type { Artefacts, Difference, History, Reproduction } from './reproduce/reproduction.js';
export type { ShadowComparison, ShadowSummary } from './shadow.js';
export { STAGES, type Stage, type Stopwatch } from './stopwatch.js';
export type { ReplayTables, Strategy } from './strategy.js';
export { toReads } from './to-reads.js';
export { toVectors } from './to-vectors.js';
export { Warmer, type Warmed } from './warmer.js';
export {
  BypassChangeRefused,
  type BypassOrder,
  type BypassRequest,
  type BypassState,
} from './bypass/bypass-state.js';
export type { Bypass } from './bypass/bypass.js';
export type { GuardState, RuleSet, SideState } from '@fraud/policy';
