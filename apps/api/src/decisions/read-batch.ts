import {
  problem,
  type ErrorCode,
  type FieldError,
  type InvalidTransaction,
  type ParsedTransaction,
  type Problem,
} from '@fraud/contract';

/** Most transactions of one batch. */
export const MAX_BATCH = 500;

/** Reads `{ "transactions": [...] }`: all of them valid, or the problem that names every wrong field. */
export function readBatch(
  body: unknown,
  parse: (value: unknown, path: string) => ParsedTransaction | InvalidTransaction,
): { transactions: ParsedTransaction[] } | { problem: Problem } {
  const list: unknown =
    typeof body === 'object' && body !== null ? (body as { transactions?: unknown }).transactions : null;
  if (!Array.isArray(list)) {
    return refuse('invalid_batch', [
      { field: 'transactions', code: 'type', message: 'must be an array of transactions' },
    ]);
  }
  if (list.length === 0 || list.length > MAX_BATCH) {
    return refuse('invalid_batch', [
      { field: 'transactions', code: 'length', message: `must hold 1 to ${MAX_BATCH} transactions` },
    ]);
  }
  const transactions: ParsedTransaction[] = [];
  const errors: FieldError[] = [];
  let code: ErrorCode = 'invalid_batch';
  for (let i = 0; i < list.length; i++) {
    const parsed = parse(list[i], `transactions[${i}]`);
    if (parsed.ok) {
      transactions.push(parsed);
      continue;
    }
    errors.push(...parsed.errors);
    if (parsed.code === 'card_number_refused') code = parsed.code;
  }
  return errors.length > 0 ? refuse(code, errors) : { transactions };
}

const refuse = (code: ErrorCode, errors: FieldError[]): { problem: Problem } => ({
  problem: problem(code, { errors }),
});
