import {
  VECTOR_LENGTH,
  writeDefaultVector,
  writeVector,
  type CurrentTransaction,
  type StateOfRow,
} from '@fraud/features';
import { RingOverlay } from './ring-overlay.js';

/** The feature vectors of the rows that are still to be decided. */
export interface Vectors {
  /** Which rows, by their place in the turn. */
  readonly rows: readonly number[];
  /** Their vectors one after another, VECTOR_LENGTH values each. */
  readonly values: Float32Array;
  /** Whether the card's log held the event already: an earlier attempt got that far. */
  readonly repeated: readonly boolean[];
  /** Which logs are saturated: for each row one bit for each of LOG_ENTITIES. */
  readonly saturated: Uint8Array;
}

/** Computes the features of every row that has no result yet. */
export function toVectors(
  rows: readonly CurrentTransaction[],
  states: readonly StateOfRow[] | null,
  results: readonly unknown[],
): Vectors {
  const open: number[] = [];
  for (let i = 0; i < rows.length; i++) if (results[i] === null) open.push(i);
  const values = new Float32Array(open.length * VECTOR_LENGTH);
  const saturated = new Uint8Array(open.length);
  if (states === null) {
    open.forEach((i, n) => {
      writeDefaultVector(rows[i]!, values, n * VECTOR_LENGTH);
    });
    return { rows: open, values, repeated: open.map(() => false), saturated };
  }
  const merchants = new RingOverlay();
  const terminals = new RingOverlay();
  const repeated = open.map((i, n) => {
    const row = rows[i]!;
    const state = states[i]!;
    const { merchant_id: merchantId, terminal_id: terminalId } = row.parsed.transaction;
    const merchantRing = merchants.ringOf(merchantId, state.merchantRing);
    const terminalRing = terminalId === undefined ? null : terminals.ringOf(terminalId, state.terminalRing);
    const histories = { ...state, merchantRing, terminalRing };
    saturated[n] = writeVector(row, histories, values, n * VECTOR_LENGTH);
    const again = state.repeated;
    if (!again && !Number.isNaN(row.amount)) {
      merchants.add(merchantId, merchantRing, row.event.timeMs, row.amount);
      if (terminalId !== undefined) terminals.add(terminalId, terminalRing, row.event.timeMs, row.amount);
    }
    return again;
  });
  return { rows: open, values, repeated, saturated };
}
