import { isCardNumber, type FieldError } from '@fraud/contract';
import { ProblemError } from '../errors/problem-error.js';

/** As transactions have it. */
const CARD_ID = /^[\x21-\x7e]{1,64}$/;
export const MOST_REASON = 500;

/** What an erasure is asked for with. */
export interface ErasureBody {
  readonly card_id: string;
  readonly reason: string;
}

/** @throws ProblemError that names every field that is wrong */
export function readErasure(body: unknown): ErasureBody {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const errors: FieldError[] = [];
  const fail = (field: string, code: string, message: string): void => {
    errors.push({ field, code, message });
  };
  for (const field of Object.keys(given))
    if (field !== 'card_id' && field !== 'reason') fail(field, 'choice', 'is not a field of an erasure');
  const { card_id: cardId, reason } = given;
  for (const [field, value] of Object.entries({ card_id: cardId, reason })) {
    if (typeof value !== 'string')
      fail(field, value === undefined ? 'required' : 'type', 'is required, a text');
  }
  if (typeof cardId === 'string') {
    if (isCardNumber(cardId)) fail('card_id', 'card_number_refused', 'is a real card number; send the token');
    else if (!CARD_ID.test(cardId))
      fail('card_id', 'format', 'must be 1 to 64 printable ASCII characters without spaces');
  }
  if (typeof reason === 'string') {
    if (reason.trim() === '' || reason.length > MOST_REASON)
      fail('reason', 'length', `must be 1 to ${MOST_REASON} characters`);
    else if (typeof cardId === 'string' && cardId !== '' && reason.includes(cardId))
      fail('reason', 'format', 'must not name the card: it is kept');
  }
  if (errors.length > 0) throw new ProblemError('invalid_erasure', { errors });
  return given as unknown as ErasureBody;
}
