import { UserError } from '../user-error.js';

const DAY_MS = 86_400_000;
/** Timestamps have four digits for the year; local time may be a day ahead. */
const END_OF_TIME_MS = Date.parse('9999-12-30T00:00:00Z');

/** @throws UserError when a period ends after the year that a timestamp can say */
export function requirePeriod(start: string, days: number): void {
  if (Date.parse(start) + days * DAY_MS <= END_OF_TIME_MS) return;
  throw new UserError(`--start ${start} and --days ${days} end after the year 9999`);
}
