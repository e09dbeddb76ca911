import { describe, expect, it } from 'vitest';
import { outOfBounds } from './rollout-guard.js';

const bounds = { least_decisions: 100, window_minutes: 10, most_errors: 0.01, most_declines: 0.05 };

describe('a rollout', () => {
  it('goes on within its bounds, and at them', () => {
    expect(outOfBounds({ decisions: 100, errors: 1, declines: 5 }, bounds)).toBeNull();
  });

  it('ends where too many of its decisions are declines, and says how many', () => {
    const reason = outOfBounds({ decisions: 200, errors: 0, declines: 11 }, bounds);
    expect(reason).toBe('11 of 200 declined (5.5 %), at most 5 % may be');
  });

  it('ends where it gives too many rows no usable score', () => {
    const reason = outOfBounds({ decisions: 100, errors: 2, declines: 0 }, bounds);
    expect(reason).toBe('2 of 100 without a usable score (2 %), at most 1 % may be');
  });

  it('names both reasons', () => {
    expect(outOfBounds({ decisions: 100, errors: 100, declines: 100 }, bounds)).toMatch(
      /score .*; .* declined/,
    );
  });

  it('is not judged by fewer decisions than say something', () => {
    expect(outOfBounds({ decisions: 99, errors: 99, declines: 99 }, bounds)).toBeNull();
  });
});
