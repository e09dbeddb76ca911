import { isUtf8 } from 'node:buffer';
import type { ErrorCode, FieldError, ParsedTransaction } from '@fraud/contract';
import type { Engine } from '@fraud/scoring';
import { parse as parseJson } from 'secure-json-parse';

/** Why a message cannot be decided. */
export interface Undecidable {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
}

/** Reads the value of a message; as strict as the HTTP API is with a body. Never throws. */
export function readMessage(
  value: Buffer | null,
  engine: Pick<Engine, 'parse'>,
): ParsedTransaction | Undecidable {
  if (value === null || value.length === 0) return { ok: false, code: 'empty_message', errors: [] };
  let body: unknown;
  try {
    if (!isUtf8(value)) return { ok: false, code: 'malformed_json', errors: [] };
    body = parseJson(value.toString());
  } catch {
    return { ok: false, code: 'malformed_json', errors: [] };
  }
  return engine.parse(body);
}
