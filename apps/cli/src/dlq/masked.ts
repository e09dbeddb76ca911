import { isCardNumber } from '@fraud/contract';

/** Digits, with what people put between them. */
const LIKE_A_NUMBER = /\d(?:[ \-./]?\d){12,18}/g;

/** A text in which real card numbers are hidden but for their last four digits. */
export const masked = (text: string): string =>
  text.replaceAll(LIKE_A_NUMBER, (found) =>
    isCardNumber(found) ? found.slice(0, -4).replaceAll(/\d/g, '*') + found.slice(-4) : found,
  );
