import { mondayBefore, WEEK_MS, type QualityQuestion } from '@fraud/records';
import { Parameters } from '../parameters.js';

export const DEFAULT_WEEKS = 12;
export const DEFAULT_HORIZON_DAYS = 90;
/** How much of the past is looked at before what is asked for, to learn how late labels come. */
export const LOOK_BACK_MS = 26 * WEEK_MS;
const MOST_WEEKS = 260;

/**
 * Reads the query of /v1/quality; weeks are made whole.
 * @throws ProblemError that names every parameter that is wrong
 */
export function readQuality(query: Readonly<Record<string, unknown>>, nowMs: number): QualityQuestion {
  const read = new Parameters(query, ['from', 'to', 'horizon_days']);
  const end = read.moment('to') ?? nowMs;
  const lastMonday = mondayBefore(end);
  // A week that ends at midnight is not followed by one that has just begun.
  const toMs = lastMonday === end ? end : lastMonday + WEEK_MS;
  const begin = read.moment('from');
  const fromMs = begin === undefined ? toMs - DEFAULT_WEEKS * WEEK_MS : mondayBefore(begin);
  const horizonDays = read.whole('horizon_days', 7, 365, DEFAULT_HORIZON_DAYS);
  if (fromMs >= toMs) read.fail('from', 'range', 'must lie before to');
  else if (toMs - fromMs > MOST_WEEKS * WEEK_MS)
    read.fail('from', 'range', `must lie at most ${MOST_WEEKS} weeks before to`);
  return read.valid({ fromMs, toMs, horizonDays });
}
