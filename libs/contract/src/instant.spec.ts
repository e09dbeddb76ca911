import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from './index.js';

describe('parseInstant', () => {
  it('agrees with Date for every moment and offset it can write', () => {
    const offsets = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    fc.assert(
      fc.property(fc.integer({ min: 86_400_000, max: Date.UTC(2099, 0, 1) }), offsets, (ms, offset) => {
        const sign = offset < 0 ? '-' : '+';
        const two = (n: number): string => String(n).padStart(2, '0');
        const suffix = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        const text = new Date(ms + offset * 60_000).toISOString().replace('Z', suffix);
        expect(parseInstant(text)).toEqual({ epochMs: ms, offsetMinutes: offset });
      }),
    );
  });

  it.each([
    ['no offset', '2026-01-05T13:37:00'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2100-02-29T00:00:00Z'],
    ['hour 24', '2026-01-05T24:00:00Z'],
    ['a date alone', '2026-01-05'],
    ['month 13', '2026-13-05T00:00:00Z'],
    ['a moment before 1970', '1969-12-31T23:59:59Z'],
    ['a moment that no log can hold', '2100-01-01T00:00:00Z'],
    ['an offset of 24 hours', '2026-01-05T00:00:00+24:00'],
  ])('refuses %s', (_, text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('reads a leap day, a leap second and nanoseconds', () => {
    expect(parseInstant('2024-02-29T00:00:00Z')?.epochMs).toBe(Date.UTC(2024, 1, 29));
    expect(parseInstant('2016-12-31T23:59:60Z')?.epochMs).toBe(Date.UTC(2016, 11, 31, 23, 59, 59));
    expect(parseInstant('2026-01-05T00:00:00.123456789Z')?.epochMs).toBe(Date.UTC(2026, 0, 5) + 123);
  });
});
