import { isUtf8 } from 'node:buffer';
import type { ErrorCode, FieldError } from '@fraud/contract';
import { parse as parseJson } from 'secure-json-parse';

/** Why nothing can be done with a message. */
export interface Unusable {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
}

/**
 * Reads the value of a message; as strict as the HTTP API is with a body. Never throws.
 * @param mostBytes largest value that is read
 * @param parse reads what is in it
 */
export function readMessage<T>(
  value: Buffer | null,
  mostBytes: number,
  parse: (body: unknown) => T,
): T | Unusable {
  if (value === null || value.length === 0) return { ok: false, code: 'empty_message', errors: [] };
  if (value.length > mostBytes) return { ok: false, code: 'payload_too_large', errors: [] };
  let body: unknown;
  try {
    if (!isUtf8(value)) return { ok: false, code: 'malformed_json', errors: [] };
    body = parseJson(value.toString());
  } catch {
    return { ok: false, code: 'malformed_json', errors: [] };
  }
  return parse(body);
}
