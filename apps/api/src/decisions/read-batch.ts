import { problem, type InvalidTransaction, type ParsedTransaction, type Problem } from '@fraud/contract';
import { readList } from '../read-list.js';

/** Most transactions of one batch. */
export const MAX_BATCH = 500;

/** Reads `{ "transactions": [...] }`: all of them valid, or the problem that names every wrong field. */
export function readBatch(
  body: unknown,
  parse: (value: unknown, path: string) => ParsedTransaction | InvalidTransaction,
): { transactions: readonly ParsedTransaction[] } | { problem: Problem } {
  const read = readList<ParsedTransaction>(body, 'transactions', MAX_BATCH, parse);
  if (read.ok) return { transactions: read.entries };
  const code = read.codes.has('card_number_refused') ? 'card_number_refused' : 'invalid_batch';
  return { problem: problem(code, { errors: read.errors }) };
}
