import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remaining, shareRead } from './remaining.js';

/** Elapsed time and share such that so many seconds are left. */
const left = (seconds: number): string => remaining(10_000, 10 / (10 + seconds));

describe('remaining', () => {
  it.each([
    [0.2, '1 s left'],
    [42.4, '42 s left'],
    [59.4, '59 s left'],
    [59.6, '1 min left'],
    [71, '1 min 10 s left'],
    [119, '2 min left'],
    [3594, '59 min 50 s left'],
    [3599, '1 h left'],
    [4801, '1 h 20 min left'],
    [100_000, '27 h 47 min left'],
  ])('says %d s as %s', (seconds, text) => expect(left(seconds)).toBe(text));

  it.each([
    ['nothing was read yet', 10_000, 0],
    ['all was read', 10_000, 1],
    ['the file is empty', 10_000, NaN],
    ['it has just begun', 100, 0.01],
  ])('says nothing when %s', (_, elapsedMs, share) => expect(remaining(elapsedMs, share)).toBe(''));

  it('never shows a number that is none', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (elapsedMs, share) => {
        expect(remaining(elapsedMs, share)).not.toMatch(/NaN|Infinity/);
      }),
    );
  });
});

describe('shareRead', () => {
  it('goes by rows where the limit comes first, and by bytes where the file ends first', () => {
    expect(shareRead(30, 60, 1, 100)).toBe(0.5);
    expect(shareRead(30, 60, 80, 100)).toBe(0.8);
    expect(shareRead(30, Infinity, 25, 100)).toBe(0.25);
    expect(shareRead(0, Infinity, 0, 0)).toBe(0);
    expect(shareRead(70, 60, 1, 100)).toBe(1);
  });
});
