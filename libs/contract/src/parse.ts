import { isCardNumber } from './card-number.js';
import type { ErrorCode, FieldError } from './errors.js';
import { parseInstant, type Instant } from './instant.js';
import { CONTRACT_SCHEMAS } from './schema.js';
import type { Transaction } from './transaction.js';
import { compileSchema, fieldErrors, join } from './validation.js';

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

const validate = compileSchema<Transaction>(CONTRACT_SCHEMAS.Transaction);

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
  const errors = fieldErrors(validate.errors, path);
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
