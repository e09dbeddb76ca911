/** Space, dash, dot, slash. */
const SEPARATORS = new Set([0x20, 0x2d, 0x2e, 0x2f]);

/**
 * True for a real card number: 13–19 digits that pass the Luhn check (ISO/IEC 7812-1),
 * also when written with spaces, dashes, dots or slashes.
 */
export function isCardNumber(value: string): boolean {
  let digits = 0;
  let sum = 0;
  for (let i = value.length - 1; i >= 0; i--) {
    const c = value.charCodeAt(i);
    if (SEPARATORS.has(c)) continue;
    let digit = c - 0x30;
    if (digit < 0 || digit > 9) return false;
    if (digits % 2 === 1) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
    digits++;
  }
  return digits >= 13 && digits <= 19 && sum % 10 === 0;
}
