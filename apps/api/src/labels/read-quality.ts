import {
  alternativesOf,
  DAY_MS,
  mondayBefore,
  THRESHOLD_NAMES,
  WEEK_MS,
  type Alternatives,
  type QualityQuestion,
  type ScoreQuestion,
  type ScoreThresholds,
} from '@fraud/records';
import { Parameters } from '../parameters.js';

export const DEFAULT_WEEKS = 12;
export const DEFAULT_HORIZON_DAYS = 90;
/** Of one threshold that a question may hold. */
export const MOST_ALTERNATIVES = 20;
/** How much of the past is looked at before what is asked for, to learn how late labels come. */
const LOOK_BACK_MS = 26 * WEEK_MS;
const MOST_WEEKS = 260;

const PERIOD = ['from', 'to', 'horizon_days'] as const;

type Given = Readonly<Record<string, unknown>>;

/**
 * Reads the query of /v1/quality; weeks are made whole.
 * @throws ProblemError that names every parameter that is wrong
 */
export function readQuality(query: Given, nowMs: number): QualityQuestion {
  const read = new Parameters(query, PERIOD);
  return read.valid(periodOf(read, nowMs));
}

/**
 * Reads the query of /v1/quality/scores.
 * @param thresholds in force, by the policy of that version
 * @throws ProblemError that names every parameter that is wrong
 */
export function readScores(
  query: Given,
  thresholds: ScoreThresholds,
  policy: string,
  nowMs: number,
): ScoreQuestion {
  const read = new Parameters(query, [...PERIOD, ...THRESHOLD_NAMES]);
  const asked: Partial<Alternatives> = Object.fromEntries(
    THRESHOLD_NAMES.map((name) => [name, read.shares(name, MOST_ALTERNATIVES)]),
  );
  const period = periodOf(read, nowMs);
  return read.valid({ ...period, policy, thresholds, alternatives: alternativesOf(thresholds, asked) });
}

/** From when on labels are looked at, to learn how late they come; ms since the epoch. */
export const learnFrom = ({ fromMs, horizonDays }: QualityQuestion, nowMs: number): number =>
  Math.min(fromMs, nowMs - horizonDays * DAY_MS) - LOOK_BACK_MS;

function periodOf(read: Parameters, nowMs: number): QualityQuestion {
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
  return { fromMs, toMs, horizonDays };
}
