import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minorUnits } from './decimal-amount.js';

describe('minorUnits', () => {
  it('is exact for every amount with two decimals', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
        expect(minorUnits(text, 2)).toBe(minor);
      }),
    );
  });

  it.each([
    ['1.15', 115],
    ['8.2', 820],
    ['7', 700],
    ['0.00', 0],
    ['3.500', 350],
  ])('reads %s', (text, minor) => expect(minorUnits(text, 2)).toBe(minor));

  it.each(['', '-1.00', '1.005', '1e3', 'abc', '1.', '.5', '1,00', ' 1.00'])('refuses %j', (text) => {
    expect(minorUnits(text, 2)).toBeNull();
  });

  it('knows currencies without decimals', () => {
    expect(minorUnits('1500', 0)).toBe(1500);
    expect(minorUnits('1500.5', 0)).toBeNull();
  });
});
