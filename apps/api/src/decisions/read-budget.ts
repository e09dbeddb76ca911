import { ProblemError } from '../errors/problem-error.js';

/** In lower case, as headers come in. */
export const BUDGET_HEADER = 'x-latency-budget-ms';

const MILLISECONDS = /^[1-9]\d{0,8}$/;

/**
 * The budget that a caller sets, ms; undefined where it sets none.
 * @throws ProblemError for what is none
 */
export function readBudget(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (MILLISECONDS.test(header)) return Number(header);
  const error = { field: BUDGET_HEADER, code: 'format', message: 'must be whole milliseconds, 1 at least' };
  throw new ProblemError('invalid_budget', { errors: [error] });
}
