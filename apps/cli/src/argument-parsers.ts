import { THRESHOLD_NAMES, type ThresholdName } from '@fraud/records';
import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `2m`, `500ms`, `1h`, `7d`; a bare number counts seconds. Milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text);
  const ms = match === null ? 0 : Number(match[1]) * UNITS[match[2] ?? 's']!;
  if (ms <= 0 || !Number.isSafeInteger(Math.ceil(ms)))
    throw new InvalidArgumentError('Give a duration such as 30s, 2m or 500ms.');
  return ms;
}

/** A whole number within bounds. */
export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(
        `Give a whole number, ${low} or more${high === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${high}`}.`,
      );
    }
    return value;
  };
}

/** A number from zero to a bound. */
export function rate(high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value > high) {
      throw new InvalidArgumentError(`Give a number, 0 or more and at most ${high}.`);
    }
    return value;
  };
}

/** An http(s) address, without a slash at its end. */
export function httpUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('Give an address such as http://127.0.0.1:8000.');
  }
  return text.replace(/\/+$/, '');
}

/** A moment in ISO 8601, 1970 or later; given back as it is. */
export function instant(text: string): string {
  const ms = Date.parse(text);
  if (!(ms >= 0)) throw new InvalidArgumentError('Give a date in ISO 8601 such as 2026-01-05T00:00:00Z.');
  return text;
}

export interface AskedThreshold {
  readonly name: ThresholdName;
  /** As it was written. */
  readonly value: string;
}

/** `decline=0.85`; may be given again. */
export function threshold(text: string, before: readonly AskedThreshold[] = []): readonly AskedThreshold[] {
  const [, found, value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const name = THRESHOLD_NAMES.find((one) => one === found);
  if (name === undefined || value === undefined || Number(value) > 1)
    throw new InvalidArgumentError(
      `Give ${THRESHOLD_NAMES.join(', ')} and a number from 0 to 1, such as decline=0.85.`,
    );
  return [...before, { name, value }];
}
