export type { ScoringObserver } from './context.js';
export { Engine, type EngineObserver, type Limits } from './engine.js';
export { openFeatureReplay, type FeatureReplay } from './feature-replay.js';
export type { Result } from './pipeline.js';
export type { ShadowComparison, ShadowSummary } from './shadow.js';
export { STAGES, type Stage, type Stopwatch } from './stopwatch.js';
export { toReads } from './to-reads.js';
export { toVectors } from './to-vectors.js';
export { Warmer, type Warmed } from './warmer.js';
