import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCardNumber } from './index.js';

/** The check digit by the textbook, to compare with. */
function withCheckDigit(digits: number[]): string {
  const sum = digits
    .toReversed()
    .map((d, i) => (i % 2 === 0 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d))
    .reduce((a, b) => a + b, 0);
  return [...digits, (10 - (sum % 10)) % 10].join('');
}

const digits = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max });

describe('isCardNumber', () => {
  it('knows every Luhn-valid number of 13 to 19 digits', () => {
    fc.assert(fc.property(digits(12, 18), (d) => isCardNumber(withCheckDigit(d))));
  });

  it('lets a number with one wrong digit pass', () => {
    fc.assert(
      fc.property(digits(12, 18), fc.integer({ min: 1, max: 9 }), (d, shift) => {
        const right = withCheckDigit(d);
        const wrong = right.slice(0, -1) + String((Number(right.at(-1)) + shift) % 10);
        return !isCardNumber(wrong);
      }),
    );
  });

  it('lets shorter and longer numbers and tokens pass', () => {
    fc.assert(fc.property(digits(1, 11), (d) => !isCardNumber(withCheckDigit(d))));
    fc.assert(fc.property(digits(19, 30), (d) => !isCardNumber(withCheckDigit(d))));
    expect(isCardNumber('card-4111111111111111')).toBe(false);
    expect(isCardNumber('')).toBe(false);
  });
});
