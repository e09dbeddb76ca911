export { MOST_EDGES } from './bin-counter.js';
export { DriftMonitor } from './monitor.js';
export { LEAST_SHARE } from './psi.js';
export { readingOf, verdictOf, type Reading, type Verdict } from './reading.js';
export { WINDOWS, type Window } from './recent-counts.js';
export { SCORE, watchedColumns, type Bin, type DriftReference, type WatchedColumn } from './reference.js';
export { chiSquaredBound, LEAST_ROWS, thresholdOf, USUAL_THRESHOLD } from './threshold.js';
