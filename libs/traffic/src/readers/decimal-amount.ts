const SHAPE = /^(\d{1,12})(?:\.(\d+))?$/;

/**
 * Minor units of a decimal amount, exactly: no float is involved (`1.15 * 100` is 114.99999999999999).
 * @param text such as `57.16`, `57` or `57.1`
 * @param digits decimals of the currency's minor unit
 * @returns null where it is not a decimal number or is finer than the minor unit
 */
export function minorUnits(text: string, digits: number): number | null {
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const fraction = match[2] ?? '';
  for (let i = digits; i < fraction.length; i++) if (fraction[i] !== '0') return null;
  return Number(match[1] + fraction.slice(0, digits).padEnd(digits, '0'));
}
