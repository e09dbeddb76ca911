import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

const USABLE = /^[\w.:+/=@-]{1,128}$/;

/** Ids of this process: its own beginning, then a number. */
const process = randomBytes(6).toString('base64url');
let next = 0;

/** The id of a request: the caller's, where it sent one that can be written down as it is, else one of ours. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  if (typeof given === 'string' && USABLE.test(given)) return given;
  next += 1;
  return `${process}-${next.toString(36)}`;
}
