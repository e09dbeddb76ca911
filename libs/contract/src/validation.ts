import { isIP } from 'node:net';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FieldError } from './errors.js';
import { parseInstant } from './instant.js';
import type { JsonSchema } from './schema.js';

const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addFormat('date-time', (text) => parseInstant(text) !== null);
ajv.addFormat('ip', (text) => isIP(text) !== 0);

/** Compiles the schema of a contract class to the validator of the hot path. */
export function compileSchema<T>(schema: JsonSchema): ValidateFunction<T> {
  return ajv.compile<T>(schema);
}

/**
 * The errors of the last validation, one for each field, in the words of the contract; never with a value.
 * @param path prefix of the field names, such as `transactions[3]`
 */
export function fieldErrors(errors: readonly ErrorObject[] | null | undefined, path: string): FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const error of errors ?? []) {
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

const DATE_TIME = 'must be an RFC 3339 date-time with an offset, such as 2026-01-05T13:37:00+01:00';

/** What a field should look like, said better than a pattern says it. */
const FORMATS: Record<string, string> = {
  occurred_at: DATE_TIME,
  labelled_at: DATE_TIME,
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

/** The path of a field. */
export function join(path: string, name: string): string {
  if (name === '') return path;
  return path === '' ? name : `${path}.${name}`;
}
