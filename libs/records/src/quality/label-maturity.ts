import type { LabelDelay } from '../store.js';
import { DAY_MS, startOf, WEEK_MS } from './week.js';

/** Frauds of settled weeks below which nothing is said of delays: the 95 % mark would hang on one or two of them. */
export const FEWEST_FRAUDS = 30;

/** A week is mature once so large a share of its fraud labels should have come. */
export const MATURE = 0.95;

/** How long after its transaction a fraud becomes known. */
export interface DelayDistribution {
  /** Share of the frauds that are known within x + 1 days, at index x; the last one is 1. */
  readonly knownWithin: readonly number[];
  /** Frauds in weeks that are at least as old as the horizon. */
  readonly settledFrauds: number;
}

/**
 * The distribution of label delays up to a horizon, from what is known by now.
 *
 * A fraud is only seen once it is known, so young weeks show short delays alone; counting delays as they are would make labels
 * look fast. The estimate is the product-limit (Kaplan–Meier) estimator on reversed time for right-truncated data (Lagakos,
 * Barraj and De Gruttola 1988; the chain-ladder of insurers): with n(x) frauds known on day x and N(x) by day x, of those weeks
 * alone that are older than day x,
 *
 *     F(x − 1) = F(x) · (1 − n(x) / N(x)),   F(horizon − 1) = 1.
 *
 * Where every week is settled this is the plain distribution function. It is relative to the horizon: what becomes known later
 * than that is not expected. It assumes that labels come as fast as they used to.
 *
 * @param horizonDays whole days; a week whose transactions are all older is settled
 * @returns null where settled weeks have fewer than FEWEST_FRAUDS frauds
 */
export function delayDistribution(
  delays: readonly LabelDelay[],
  nowMs: number,
  horizonDays: number,
): DelayDistribution | null {
  const known = new Float64Array(horizonDays);
  const knownBy = new Float64Array(horizonDays);
  let settledFrauds = 0;
  for (const [week, counts] of byWeek(delays, horizonDays)) {
    const observed = Math.min(horizonDays, completeDays(startOf(week) + WEEK_MS, nowMs));
    let sum = 0;
    for (let day = 0; day < observed; day++) {
      sum += counts[day]!;
      known[day]! += counts[day]!;
      knownBy[day]! += sum;
    }
    if (observed === horizonDays) settledFrauds += sum;
  }
  if (settledFrauds < FEWEST_FRAUDS) return null;
  const knownWithin = Array.from({ length: horizonDays }, () => 1);
  for (let day = horizonDays - 1; day > 0; day--) {
    const left = knownBy[day] === 0 ? 0 : 1 - known[day]! / knownBy[day]!;
    knownWithin[day - 1] = knownWithin[day]! * left;
  }
  return { knownWithin, settledFrauds };
}

/**
 * Share of a week's frauds that should be known by now, 0 to 1: the mean over its days that have begun, with as many frauds at
 * each moment of them.
 */
export function maturityOf(week: string, distribution: DelayDistribution, nowMs: number): number {
  const start = startOf(week);
  let sum = 0;
  let days = 0;
  for (let day = start; day < start + WEEK_MS && day < nowMs; day += DAY_MS) {
    const age = (nowMs - day) / DAY_MS;
    sum += (knownAfter(age, distribution) + knownAfter(age - 1, distribution)) / 2;
    days += 1;
  }
  return days === 0 ? 0 : sum / days;
}

/** Share of the frauds that are known after so many days, in a straight line from one to the next. */
function knownAfter(days: number, { knownWithin }: DelayDistribution): number {
  if (days <= 0) return 0;
  if (days >= knownWithin.length) return 1;
  const whole = Math.floor(days);
  const before = whole === 0 ? 0 : knownWithin[whole - 1]!;
  return before + (days - whole) * (knownWithin[whole]! - before);
}

/** Days within which so large a share of the frauds becomes known. */
export function daysUntil(share: number, { knownWithin }: DelayDistribution): number {
  return knownWithin.findIndex((known) => known >= share) + 1;
}

/** Whole days since a moment, 0 where it lies ahead. */
const completeDays = (sinceMs: number, nowMs: number): number =>
  Math.max(0, Math.floor((nowMs - sinceMs) / DAY_MS));

/** Frauds by day, for each week; delays beyond the horizon are left out, those before the transaction count as none. */
function byWeek(delays: readonly LabelDelay[], horizonDays: number): Map<string, Float64Array> {
  const weeks = new Map<string, Float64Array>();
  for (const { week, days, frauds } of delays) {
    if (days >= horizonDays) continue;
    let counts = weeks.get(week);
    if (counts === undefined) weeks.set(week, (counts = new Float64Array(horizonDays)));
    counts[Math.max(0, days)]! += frauds;
  }
  return weeks;
}
