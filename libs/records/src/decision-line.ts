import type { Transaction } from '@fraud/contract';
import type { Door } from './entry.js';

/** One decided transaction, as the pipeline has it. */
export interface DecidedRow {
  readonly instance: string;
  readonly sequence: number;
  readonly door: Door;
  readonly contentHash: string;
  /** Reference minor units; NaN where the currency is unknown. */
  readonly amount: number;
  readonly repeated: boolean;
  /** The bytes of its vector, and of its contributions, as base64. */
  readonly vector: string;
  readonly contributions: string | null;
  readonly transaction: Transaction;
  /** The JSON text of the answer. */
  readonly answer: string;
}

/** The line of a decision in the spool: a DecisionEntry, written without taking the answer apart again. */
export function decisionLine(row: DecidedRow): string {
  const { instance, sequence, door, contentHash, amount, repeated, vector, contributions } = row;
  return `{"kind":"decision","instance":"${instance}","sequence":${sequence},"door":"${door}","content_hash":"${contentHash}","amount_reference":${Number.isNaN(amount) ? 'null' : amount},"repeated":${repeated},"vector":"${vector}","contributions":${contributions === null ? 'null' : `"${contributions}"`},"transaction":${storable(JSON.stringify(row.transaction))},"decision":${row.answer}}\n`;
}

/** What no database takes, NUL and halves of surrogate pairs, stands only in free text; there it becomes U+FFFD. */
function storable(json: string): string {
  return json.includes('\\u') ? json.replace(/\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '\\ufffd') : json;
}
