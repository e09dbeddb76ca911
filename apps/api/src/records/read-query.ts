import { OUTCOMES, parseInstant, SOURCES, type FieldError } from '@fraud/contract';
import type { RecordsQuery } from '@fraud/records';

export const MOST_ON_A_PAGE = 500;
const USUAL_ON_A_PAGE = 50;

type Read = { readonly query: RecordsQuery } | { readonly errors: readonly FieldError[] };

/** Reads the parameters of a query; all of them valid, or every one that is not. */
export function readQuery(given: Readonly<Record<string, unknown>>, more: readonly string[] = []): Read {
  const errors: FieldError[] = [];
  const fail = (field: string, code: string, message: string): undefined => {
    errors.push({ field, code, message });
    return undefined;
  };
  const text = (name: string): string | undefined => {
    const value = given[name];
    if (value === undefined) return undefined;
    return typeof value === 'string' && value !== ''
      ? value
      : fail(name, 'type', 'must be given once, and not be empty');
  };
  const choice = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const found = choices.find((one) => one === value);
    return found ?? fail(name, 'choice', `must be one of ${choices.join(', ')}`);
  };
  const moment = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const read = parseInstant(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
    return read?.epochMs ?? fail(name, 'format', 'must be a date, or an RFC 3339 date-time with an offset');
  };
  const known = [
    'transaction_id',
    'card_id',
    'decision',
    'source',
    'from',
    'to',
    'order',
    'limit',
    'cursor',
    ...more,
  ];
  for (const name of Object.keys(given))
    if (!known.includes(name)) fail(name, 'choice', `is not a parameter; there are ${known.join(', ')}`);
  const limit = text('limit');
  const count = limit === undefined ? USUAL_ON_A_PAGE : Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > MOST_ON_A_PAGE)
    fail('limit', 'range', `must be a whole number from 1 to ${MOST_ON_A_PAGE}`);
  const query = {
    transactionId: text('transaction_id'),
    cardId: text('card_id'),
    decision: choice('decision', OUTCOMES),
    source: choice('source', SOURCES),
    fromMs: moment('from'),
    toMs: moment('to'),
    order: choice('order', ['newest', 'oldest'] as const) ?? 'newest',
    limit: count,
    cursor: text('cursor'),
  };
  // What is not given is not there.
  return errors.length > 0 ? { errors } : { query: JSON.parse(JSON.stringify(query)) as RecordsQuery };
}
