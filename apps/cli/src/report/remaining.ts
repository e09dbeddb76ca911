const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Before, the rate is that of a start. */
const SETTLED_MS = 2 * SECOND;

/** How far a replay is: in rows where it ends after so many, in bytes where the file ends first. 0 to 1. */
export function shareRead(rows: number, limit: number, bytes: number, totalBytes: number): number {
  const share = Math.max(limit > 0 ? rows / limit : 0, totalBytes > 0 ? bytes / totalBytes : 0);
  return Math.min(1, share);
}

/**
 * `1 min 10 s left`, by the average rate so far; coarser the further away the end is, so that it does not flicker.
 * Empty where nobody knows: at the start, and once all is read but not yet done.
 * @param share of the whole, 0 to 1
 */
export function remaining(elapsedMs: number, share: number): string {
  if (!(elapsedMs >= SETTLED_MS && share > 0 && share < 1)) return '';
  const ms = (elapsedMs * (1 - share)) / share;
  if (!Number.isFinite(ms)) return '';
  return `${span(ms)} left`;
}

function span(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / SECOND));
  if (seconds < 60) return `${seconds} s`;
  const tens = Math.round(ms / (10 * SECOND)) * 10;
  if (tens < 3600) return parts(Math.floor(tens / 60), 'min', tens % 60, 's');
  const minutes = Math.round(ms / MINUTE);
  return parts(Math.floor((minutes * MINUTE) / HOUR), 'h', minutes % 60, 'min');
}

function parts(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}
