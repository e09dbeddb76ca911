import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isCardNumber } from '@fraud/contract';

export const REQUEST_ID_HEADER = 'x-request-id';

const USABLE = /^[\w.:+/=@-]{1,128}$/;

/** What ids of this process begin with; a number follows. */
const beginning = randomBytes(6).toString('base64url');
let next = 0;

/** The id of a request: the caller's, where it sent one that may be written down as it is, else one of ours. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  if (typeof given === 'string' && USABLE.test(given) && !isCardNumber(given)) return given;
  next += 1;
  return `${beginning}-${next.toString(36)}`;
}
