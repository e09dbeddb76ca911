export { MOST_EDGES } from './bin-counter.js';
export { DriftMonitor, type Watchable } from './monitor.js';
export { LEAST_SHARE } from './psi.js';
export { readingOf, verdictOf, type Reading, type Verdict } from './reading.js';
export { WINDOWS, type Window } from './recent-counts.js';
export { SCORE, type Bin, type DriftReference } from './reference.js';
export {
  chiSquaredBound,
  LEAST_ROWS,
  LEAST_ROWS_WIDE,
  leastRows,
  thresholdOf,
  USUAL_THRESHOLD,
  WIDE_BINS,
} from './threshold.js';
