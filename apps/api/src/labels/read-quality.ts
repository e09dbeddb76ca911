import { parseInstant, type FieldError } from '@fraud/contract';
import { mondayBefore, WEEK_MS, type QualityQuestion } from '@fraud/records';

export const DEFAULT_WEEKS = 12;
export const DEFAULT_HORIZON_DAYS = 90;
/** How much of the past is looked at before what is asked for, to learn how late labels come. */
export const LOOK_BACK_MS = 26 * WEEK_MS;
const MOST_WEEKS = 260;

/** Reads the query of /v1/quality; weeks are made whole. */
export function readQuality(
  query: Readonly<Record<string, unknown>>,
  nowMs: number,
): QualityQuestion | { readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const end = readMoment(query, 'to', errors) ?? nowMs;
  const lastMonday = mondayBefore(end);
  // A week that ends at midnight is not followed by one that has just begun.
  const toMs = lastMonday === end ? end : lastMonday + WEEK_MS;
  const begin = readMoment(query, 'from', errors);
  const fromMs = begin === null ? toMs - DEFAULT_WEEKS * WEEK_MS : mondayBefore(begin);
  const horizonDays = readHorizon(query['horizon_days'], errors);
  if (errors.length === 0 && fromMs >= toMs)
    errors.push({ field: 'from', code: 'range', message: 'must lie before to' });
  else if (errors.length === 0 && toMs - fromMs > MOST_WEEKS * WEEK_MS)
    errors.push({ field: 'from', code: 'range', message: `must lie at most ${MOST_WEEKS} weeks before to` });
  return errors.length > 0 ? { errors } : { fromMs, toMs, horizonDays };
}

function readMoment(
  query: Readonly<Record<string, unknown>>,
  field: string,
  errors: FieldError[],
): number | null {
  const text = query[field];
  if (text === undefined) return null;
  const instant =
    typeof text === 'string' ? parseInstant(text.length === 10 ? `${text}T00:00:00Z` : text) : null;
  if (instant !== null) return instant.epochMs;
  const message = 'must be a date such as 2026-01-05, or an RFC 3339 date-time with an offset';
  errors.push({ field, code: 'format', message });
  return null;
}

function readHorizon(text: unknown, errors: FieldError[]): number {
  if (text === undefined) return DEFAULT_HORIZON_DAYS;
  const days = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (days >= 7 && days <= 365) return days;
  errors.push({ field: 'horizon_days', code: 'range', message: 'must be a number of days from 7 to 365' });
  return NaN;
}
