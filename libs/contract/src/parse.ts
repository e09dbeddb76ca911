import { isIP } from 'node:net';
import { Ajv, type ErrorObject } from 'ajv';
import { isCardNumber } from './card-number.js';
import type { ErrorCode, FieldError } from './errors.js';
import { parseInstant, type Instant } from './instant.js';
import { CONTRACT_SCHEMAS } from './schema.js';
import type { Transaction } from './transaction.js';

/** A valid transaction with its event time read. */
export interface ParsedTransaction {
  readonly ok: true;
  readonly transaction: Transaction;
  /** Event time, milliseconds since the epoch. */
  readonly occurredAtMs: number;
  /** Offset of the event's local time from UTC, minutes. */
  readonly offsetMinutes: number;
}

export interface InvalidTransaction {
  readonly ok: false;
  readonly code: Extract<ErrorCode, 'invalid_transaction' | 'card_number_refused'>;
  readonly errors: readonly FieldError[];
}

/** Levels of objects and arrays in `metadata`. */
const MAX_METADATA_DEPTH = 32;

const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addFormat('date-time', (text) => parseInstant(text) !== null);
ajv.addFormat('ip', (text) => isIP(text) !== 0);
const validate = ajv.compile<Transaction>(CONTRACT_SCHEMAS.Transaction);

/**
 * Reads one transaction from anything. Never throws, never repeats a value in an error.
 * @param value what the caller sent, JSON already decoded
 * @param path prefix of the field names in errors, such as `transactions[3]`
 * @param latestMs events after this moment are refused: they would blind the counters of their merchant
 */
export function parseTransaction(
  value: unknown,
  path = '',
  latestMs = Infinity,
): ParsedTransaction | InvalidTransaction {
  const valid = validate(value);
  const panRefused = hasCardNumber(value);
  if (valid && !panRefused) {
    const instant = parseInstant(value.occurred_at);
    const further = furtherError(value, instant, latestMs, path);
    if (further !== null) return { ok: false, code: 'invalid_transaction', errors: [further] };
    if (instant !== null) {
      return {
        ok: true,
        transaction: value,
        occurredAtMs: instant.epochMs,
        offsetMinutes: instant.offsetMinutes,
      };
    }
  }
  const errors = collectErrors(validate.errors ?? [], path);
  if (!panRefused) return { ok: false, code: 'invalid_transaction', errors };
  const refused: FieldError = {
    field: join(path, 'card_id'),
    code: 'card_number_refused',
    message: 'is a real card number; send a token of it',
  };
  return {
    ok: false,
    code: 'card_number_refused',
    errors: [refused, ...errors.filter((e) => e.field !== refused.field)],
  };
}

/** What the schema cannot say. */
function furtherError(
  transaction: Transaction,
  instant: Instant | null,
  latestMs: number,
  path: string,
): FieldError | null {
  if (instant !== null && instant.epochMs > latestMs) {
    return { field: join(path, 'occurred_at'), code: 'range', message: 'lies too far in the future' };
  }
  if (transaction.metadata !== undefined && isDeeper(transaction.metadata, MAX_METADATA_DEPTH)) {
    const message = `must not be nested deeper than ${MAX_METADATA_DEPTH} levels`;
    return { field: join(path, 'metadata'), code: 'depth', message };
  }
  return null;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((v) => isDeeper(v, levels - 1));
}

function hasCardNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const cardId: unknown = (value as Record<string, unknown>)['card_id'];
  if (typeof cardId === 'string') return isCardNumber(cardId);
  // A number loses digits beyond 2⁵³, so its check digit says nothing: any number so long is taken for one.
  return typeof cardId === 'number' && Math.abs(cardId) >= 1e12;
}

function collectErrors(errors: readonly ErrorObject[], path: string): FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const error of errors) {
    const found = toFieldError(error, path);
    if (found !== null && !byField.has(found.field)) byField.set(found.field, found);
  }
  return [...byField.values()];
}

function toFieldError(error: ErrorObject, path: string): FieldError | null {
  const name = error.instancePath.slice(1).replaceAll('/', '.');
  const field = join(path, name);
  const params = error.params as Record<string, unknown>;
  const message = error.message ?? 'is not valid';
  switch (error.keyword) {
    case 'required':
      return {
        field: join(path, String(params['missingProperty'])),
        code: 'required',
        message: 'is required',
      };
    case 'type':
      return { field, code: 'type', message };
    case 'minimum':
    case 'maximum':
      return { field, code: 'range', message };
    case 'enum':
      return {
        field,
        code: 'choice',
        message: `must be one of ${(params['allowedValues'] as string[]).join(', ')}`,
      };
    case 'format':
    case 'pattern':
      return { field, code: 'format', message: FORMATS[name] ?? 'does not have the expected format' };
    default:
      return { field, code: error.keyword, message };
  }
}

/** What a field should look like, said better than a pattern says it. */
const FORMATS: Record<string, string> = {
  occurred_at: 'must be an RFC 3339 date-time with an offset, such as 2026-01-05T13:37:00+01:00',
  currency: 'must be an ISO 4217 code in upper case, such as EUR',
  country: 'must be an ISO 3166-1 alpha-2 code in upper case, such as FR',
  merchant_category: 'must be a four-digit merchant category code',
  ip: 'must be an IPv4 or IPv6 address',
  email_hash: 'must be 32 to 128 hexadecimal digits',
  transaction_id: 'must be 1 to 128 printable ASCII characters without spaces',
  card_id: 'must be 1 to 64 printable ASCII characters without spaces',
  merchant_id: 'must be 1 to 64 printable ASCII characters without spaces',
  customer_id: 'must be 1 to 64 printable ASCII characters without spaces',
  terminal_id: 'must be 1 to 64 printable ASCII characters without spaces',
  device_id: 'must be 1 to 128 printable ASCII characters without spaces',
};

function join(path: string, name: string): string {
  if (name === '') return path;
  return path === '' ? name : `${path}.${name}`;
}
