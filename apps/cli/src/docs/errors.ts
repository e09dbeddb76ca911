import { ERRORS } from '@fraud/contract';
import { code, markdownTable } from './markdown-table.js';

/** The closed list of error codes. */
export function errorTable(): string {
  return markdownTable(
    ['Code', 'HTTP status', 'Meaning', 'Log level', 'Expected frequency'],
    Object.entries(ERRORS).map(([name, { status, title, log, frequency }]) => [
      code(name),
      String(status),
      title,
      log,
      frequency,
    ]),
  );
}
