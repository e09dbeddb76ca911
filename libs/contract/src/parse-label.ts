import type { FieldError } from './errors.js';
import { parseInstant } from './instant.js';
import { Label } from './label.js';
import { CONTRACT_SCHEMAS } from './schema.js';
import { compileSchema, fieldErrors, join } from './validation.js';

/** A valid label with its time read. */
export interface ParsedLabel {
  readonly ok: true;
  readonly label: Label;
  /** When it became known, milliseconds since the epoch. */
  readonly labelledAtMs: number;
}

export interface InvalidLabel {
  readonly ok: false;
  readonly code: 'invalid_label';
  readonly errors: readonly FieldError[];
}

const validate = compileSchema<Label>(CONTRACT_SCHEMAS.Label);

/**
 * Reads one label from anything. Never throws, never repeats a value in an error.
 * @param value what the caller sent, JSON already decoded
 * @param path prefix of the field names in errors, such as `labels[3]`
 * @param latestMs labels of after this moment are refused: nothing later could ever correct them
 */
export function parseLabel(value: unknown, path = '', latestMs = Infinity): ParsedLabel | InvalidLabel {
  if (!validate(value)) return refuse(fieldErrors(validate.errors, path));
  const instant = parseInstant(value.labelled_at);
  if (instant === null || instant.epochMs > latestMs) {
    return refuse([
      { field: join(path, 'labelled_at'), code: 'range', message: 'lies too far in the future' },
    ]);
  }
  return { ok: true, label: value, labelledAtMs: instant.epochMs };
}

const refuse = (errors: readonly FieldError[]): InvalidLabel => ({
  ok: false,
  code: 'invalid_label',
  errors,
});
