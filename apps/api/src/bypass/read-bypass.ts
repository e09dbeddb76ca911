import type { FieldError } from '@fraud/contract';
import { DOORS, type Door } from '@fraud/records';
import type { BypassRequest } from '@fraud/scoring';
import { ProblemError } from '../errors/problem-error.js';

const MOST_TEXT = 500;

type Given = Readonly<Record<string, unknown>>;

/**
 * @param maxMinutes the longest, and what is taken where nothing is said
 * @throws ProblemError that names every field that is wrong
 */
export function readBypass(body: unknown, maxMinutes: number): BypassRequest {
  const given = fieldsOf(body);
  const errors = unknownFields(given, ['reason', 'author', 'minutes', 'doors']);
  const reason = text(given, 'reason', errors);
  const author = text(given, 'author', errors);
  const { minutes = maxMinutes, doors = ['http'] } = given;
  if (!Number.isInteger(minutes) || Number(minutes) < 1 || Number(minutes) > maxMinutes)
    errors.push(
      fault('minutes', 'range', `must be whole minutes from 1 to ${maxMinutes} (BYPASS_MAX_MINUTES)`),
    );
  if (!Array.isArray(doors) || doors.length === 0 || !doors.every((door) => DOORS.includes(door as Door)))
    errors.push(fault('doors', 'choice', `must be a list of ${DOORS.join(', ')}`));
  if (errors.length > 0) throw new ProblemError('invalid_bypass', { errors });
  return { reason, author, minutes: minutes as number, doors: doors as Door[] };
}

/** @throws ProblemError */
export function readEnd(body: unknown): { readonly author: string } {
  const given = fieldsOf(body);
  const errors = unknownFields(given, ['author']);
  const author = text(given, 'author', errors);
  if (errors.length > 0) throw new ProblemError('invalid_bypass', { errors });
  return { author };
}

const fieldsOf = (body: unknown): Given =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Given) : {};

const fault = (field: string, code: string, message: string): FieldError => ({ field, code, message });

const unknownFields = (given: Given, known: readonly string[]): FieldError[] =>
  Object.keys(given)
    .filter((field) => !known.includes(field))
    .map((field) => fault(field, 'choice', `is none of ${known.join(', ')}`));

function text(given: Given, field: string, errors: FieldError[]): string {
  const value = given[field];
  if (typeof value === 'string' && value.trim() !== '' && value.length <= MOST_TEXT) return value;
  const code = value === undefined ? 'required' : typeof value === 'string' ? 'length' : 'type';
  errors.push(fault(field, code, `is required, a text of at most ${MOST_TEXT} characters`));
  return '';
}
