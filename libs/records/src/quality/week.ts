export const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** The first moment of a week, from its Monday: `2026-01-05`. */
export const startOf = (week: string): number => Date.parse(`${week}T00:00:00Z`);

/** The last Monday, 00:00 UTC, at or before a moment. */
export const mondayBefore = (ms: number): number =>
  Math.floor((ms - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
