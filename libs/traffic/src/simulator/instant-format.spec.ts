import { parseInstant } from '@fraud/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant } from './instant-format.js';

describe('formatInstant', () => {
  it('is read back as the same moment and offset', () => {
    const seconds = fc.integer({ min: 86_400, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: -840, max: 840 }), (second, offsetMinutes) => {
        expect(parseInstant(formatInstant(second * 1000, offsetMinutes))).toEqual({
          epochMs: second * 1000,
          offsetMinutes,
        });
      }),
    );
  });

  it('writes the local time of the place', () => {
    expect(formatInstant(Date.UTC(2026, 0, 5, 23, 30), 60)).toBe('2026-01-06T00:30:00+01:00');
    expect(formatInstant(Date.UTC(2026, 0, 6, 1, 30), -300)).toBe('2026-01-05T20:30:00-05:00');
    expect(formatInstant(Date.UTC(2026, 0, 5), 0)).toBe('2026-01-05T00:00:00Z');
  });
});
