import { describe, expect, it } from 'vitest';
import { UserError } from '../user-error.js';
import { requirePeriod } from './period.js';

describe('requirePeriod', () => {
  it('takes any period that timestamps can say', () => {
    expect(() => requirePeriod('2026-01-05T00:00:00Z', 3660)).not.toThrow();
  });

  it.each([
    ['9999-12-01', 60],
    ['+275760-09-13T00:00:00Z', 1],
  ])('refuses %s with %d days, by the names of the options', (start, days) => {
    expect(() => requirePeriod(start, days)).toThrow(UserError);
    expect(() => requirePeriod(start, days)).toThrow(/--start .* --days/);
  });
});
