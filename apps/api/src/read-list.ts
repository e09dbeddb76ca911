import type { ErrorCode, FieldError } from '@fraud/contract';

interface Valid {
  readonly ok: true;
}
interface Invalid {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
}

/** What a list in a body came to: all of its entries, or every error in it. */
export type ListRead<T> =
  | { readonly ok: true; readonly entries: readonly T[] }
  | { readonly ok: false; readonly errors: readonly FieldError[]; readonly codes: ReadonlySet<ErrorCode> };

/**
 * Reads `{ "<field>": [...] }`: all entries valid, or the errors that name every wrong field.
 * @param most entries that it may hold
 */
export function readList<T extends Valid>(
  body: unknown,
  field: string,
  most: number,
  parse: (value: unknown, path: string) => T | Invalid,
): ListRead<T> {
  const list: unknown =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : null;
  if (!Array.isArray(list)) return refuse({ field, code: 'type', message: `must be an array of ${field}` });
  if (list.length === 0 || list.length > most)
    return refuse({ field, code: 'length', message: `must hold 1 to ${most} ${field}` });
  const entries: T[] = [];
  const errors: FieldError[] = [];
  const codes = new Set<ErrorCode>();
  for (let i = 0; i < list.length; i++) {
    const parsed = parse(list[i], `${field}[${i}]`);
    if (parsed.ok) {
      entries.push(parsed);
      continue;
    }
    errors.push(...parsed.errors);
    codes.add(parsed.code);
  }
  return errors.length > 0 ? { ok: false, errors, codes } : { ok: true, entries };
}

const refuse = (error: FieldError): ListRead<never> => ({ ok: false, errors: [error], codes: new Set() });
