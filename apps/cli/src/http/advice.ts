import { UserError } from '../user-error.js';
import type { ApiAnswer } from './api-client.js';

/**
 * What a route of administrators answered.
 * @param command that asked, for what to do about it
 * @throws UserError that says what was wrong, and what to do
 */
export function bodyOrAdvice(answer: ApiAnswer, command: string): unknown {
  if (answer.kind === 'answered') return answer.body;
  const { title, detail, errors = [] } = answer.problem ?? { title: 'no answer' };
  const faults = errors.map(({ field, message }) => `\n  ${field} ${message}`);
  const more = detail === undefined ? '' : ` (${detail})`;
  throw new UserError(
    `The server refused: ${answer.code}, ${title}${more}${faults.join('')}${adviceFor(answer.code, command)}`,
  );
}

function adviceFor(code: string, command: string): string {
  if (code === 'unauthorized')
    return `\nGive the token of the administrator: ADMIN_TOKEN=… npm run ${command}`;
  return code === 'not_found'
    ? '\nIt has administrative routes only on a loopback address, or with ADMIN_TOKEN.'
    : '';
}
