import { isCardNumber } from '@fraud/contract';

const REDACTED = '[redacted]';

/** So many digits in a row, or in groups as cards have them printed; not within an id, such as a UUID, nor behind a decimal point. */
const LIKE_A_CARD =
  /(?<![0-9A-Za-z])(?<!\d\.)\d{13,19}(?![0-9A-Za-z])|(?<![\w-])\d{4}([ \-./])\d{4,6}\1\d{4,5}(?:\1\d{1,7})?(?![\w-])/g;
/** What stands before the @ of a URL. */
const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)[^\s/"@]*@/gi;
const TOKEN = /\b(Bearer|Basic)\s+[\w+/.~=-]+/gi;

/**
 * Takes out of a text what no log may hold: card numbers, passwords in URLs, tokens. Nothing here writes any of them; what
 * libraries say of their failures might.
 */
export function redact(text: string): string {
  return text
    .replace(LIKE_A_CARD, (digits, _: unknown, at: number) =>
      isCardNumber(digits) ? (isNumber(text, at, digits.length) ? '0' : REDACTED) : digits,
    )
    .replace(CREDENTIALS, `$1${REDACTED}@`)
    .replace(TOKEN, `$1 ${REDACTED}`);
}

/** Whether it may be a number of JSON, where there may be no brackets. */
const isNumber = (text: string, at: number, length: number): boolean =>
  /[:[,]/.test(text.charAt(at - 1)) && /[,}\]]/.test(text.charAt(at + length));

/** Fields of a transaction that say who somebody is: under these names nothing is written, wherever they stand. */
export const PERSONAL_FIELDS = [
  'card_id',
  'customer_id',
  'device_id',
  'email_hash',
  'ip',
  'latitude',
  'longitude',
  'metadata',
  'authorization',
  'password',
] as const;
