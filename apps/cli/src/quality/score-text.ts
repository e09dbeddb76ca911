import type { ScoreReport } from '@fraud/records';
import { calibrationText } from './calibration-table.js';
import { unknownText } from './score-basis.js';
import { whatIfText } from './what-if-table.js';

/** Calibration and what-ifs, or why there are none. */
export const scoreText = (report: ScoreReport): string =>
  unknownText(report) ?? `${calibrationText(report)}\n\n${whatIfText(report)}`;
