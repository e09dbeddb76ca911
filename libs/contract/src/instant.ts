const SHAPE = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const END_MS = Date.UTC(2100, 0, 1);

/** A moment with the offset it was written in. */
export interface Instant {
  /** Milliseconds since 1970-01-01T00:00:00Z; never negative. */
  readonly epochMs: number;
  /** Offset from UTC in minutes; gives the local time of the place. */
  readonly offsetMinutes: number;
}

/**
 * Reads an RFC 3339 date-time with offset. Stricter than `Date.parse`: no missing offset, no 30 February,
 * no hour 24; a leap second counts as the second before. Null when it is not one or lies outside 1970–2099
 * (what the stored layouts can hold).
 */
export function parseInstant(text: string): Instant | null {
  const m = SHAPE.exec(text);
  if (m === null) return null;
  const year = Number(m[1]);
  const month = Number(m[2]);
  const day = Number(m[3]);
  const hour = Number(m[4]);
  const minute = Number(m[5]);
  const second = Number(m[6]);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null;
  if (day > daysInMonth(year, month)) return null;
  const offsetHour = m[9] === undefined ? 0 : Number(m[9]);
  const offsetMinute = m[10] === undefined ? 0 : Number(m[10]);
  if (offsetHour > 23 || offsetMinute > 59) return null;
  const offsetMinutes = (m[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) || 0;
  const millis = m[7] === undefined ? 0 : Math.trunc(Number(`0.${m[7]}`) * 1000);
  const epochMs =
    Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), millis) - offsetMinutes * 60_000;
  return year >= 1900 && epochMs >= 0 && epochMs < END_MS ? { epochMs, offsetMinutes } : null;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
