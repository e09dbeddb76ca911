export { AppLogger } from './app-logger.js';
export { EngineModule } from './engine/engine.module.js';
export { HealthModule } from './health/health.module.js';
export { Readiness, type ReadinessState } from './health/readiness.js';
export { MetricsModule } from './metrics/metrics.module.js';
export { ScoringMetrics } from './metrics/scoring-metrics.js';
export { privacyNote } from './privacy-note.js';
export { explainStart } from './explain-start.js';
export { stopInTime } from './stop-in-time.js';
