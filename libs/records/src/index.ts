export { openDatabase } from './database/open.js';
export { decisionLine, type DecidedRow } from './decision-line.js';
export { writeParquet } from './export/parquet.js';
export { Spool, type SpoolOptions } from './spool/spool.js';
export { Records, RecordsLocked, type RecordsObserver, type RecordsOptions } from './records.js';
export {
  DOORS,
  type ArtefactEntry,
  type DecisionEntry,
  type DecisionRecord,
  type Door,
  type LabelEntry,
  type LateEntry,
  type SpoolEntry,
} from './entry.js';
export {
  RecordsUnavailable,
  type AppliedLabel,
  type BypassEntry,
  type BypassPage,
  type BypassQuery,
  type Erased,
  type Erasure,
  type LabelDelay,
  type LabelRecord,
  type PendingLabel,
  type QualityCell,
  type QualityData,
  type RecordedAnswer,
  type RecordsFilter,
  type RecordsPage,
  type RecordsQuery,
  type RecordsReader,
  type RecordsStore,
  type Labelled,
  type ScoreCell,
  type ScoreData,
  type ScoreRange,
  type Written,
} from './store.js';
export type { DatabaseAddress } from './thread/protocol.js';
export type { AlertQuality } from './quality/alert-quality.js';
export {
  qualityReport,
  type Quality,
  type QualityQuestion,
  type QualityReport,
  type WeekQuality,
} from './quality/quality-report.js';
export { alternativesOf, scoreEdges, type Alternatives } from './quality/alternatives.js';
export type { Calibration, CalibrationBin } from './quality/calibration.js';
export { THRESHOLD_NAMES, type ScoreThresholds, type ThresholdName } from './quality/outcome-threshold.js';
export { scoreReport, type ScoreQuestion, type ScoreReport } from './quality/score-report.js';
export type { Unmoved, WhatIf, WhatIfs } from './quality/what-if.js';
export { DAY_MS, mondayBefore, WEEK_MS } from './quality/week.js';
