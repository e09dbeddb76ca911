import { parseTransaction } from '@fraud/contract';
import { loadFxTable, toCurrent, type CurrentTransaction, type DecisionCommit } from '@fraud/features';
import { Sequence } from '../load/sequence.js';

/** A stored decision has about so many bytes. */
const DECISION = Buffer.alloc(180, 'd');

const fx = loadFxTable('config/fx.yaml');
const sequence = new Sequence('own');

/** The rows of turns, from a place in the sequence of transactions that every server gets. */
export function turnsFrom(first: number, transactions: number, turn: number): CurrentTransaction[][] {
  sequence.seek(first);
  return Array.from({ length: Math.floor(transactions / turn) }, () =>
    Array.from({ length: turn }, () => rowOf(JSON.parse(sequence.next().bytes.toString('latin1')))),
  );
}

export function rowOf(transaction: unknown): CurrentTransaction {
  const parsed = parseTransaction(transaction, '', Infinity);
  if (!parsed.ok) throw new Error('a transaction is not valid');
  return toCurrent(parsed, fx);
}

export function commitOf({ parsed: { transaction }, event, amount }: CurrentTransaction): DecisionCommit {
  const { transaction_id, merchant_id, terminal_id } = transaction;
  return {
    transactionId: transaction_id,
    value: DECISION,
    counter: { merchantId: merchant_id, terminalId: terminal_id ?? null, timeMs: event.timeMs, amount },
  };
}
