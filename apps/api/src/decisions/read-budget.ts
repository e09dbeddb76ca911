import { problem, type Problem } from '@fraud/contract';

/** In lower case, as headers come in. */
export const BUDGET_HEADER = 'x-latency-budget-ms';

const MILLISECONDS = /^[1-9]\d{0,8}$/;

/** The budget that a caller sets, ms; undefined where it sets none. */
export function readBudget(
  header: string | undefined,
): { budgetMs: number | undefined } | { problem: Problem } {
  if (header === undefined) return { budgetMs: undefined };
  if (MILLISECONDS.test(header)) return { budgetMs: Number(header) };
  const error = { field: BUDGET_HEADER, code: 'format', message: 'must be whole milliseconds, 1 at least' };
  return { problem: problem('invalid_budget', { errors: [error] }) };
}
