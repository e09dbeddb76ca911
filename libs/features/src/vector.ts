import { compileFeature, type RowState } from './catalogue/aggregates.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import type { CurrentTransaction } from './catalogue/current.js';
import { CardHistory } from './state/card-history.js';

export const FEATURE_NAMES: readonly string[] = CATALOGUE.map((f) => f.name);
export const VECTOR_LENGTH = CATALOGUE.length;

const computes = CATALOGUE.map(compileFeature);
const withoutState = CATALOGUE.map((f) => f.state === 'none');

/** Reused for every row: reading a log allocates nothing. */
const history = new CardHistory();
const row: { -readonly [K in keyof RowState]: RowState[K] } = {
  current: undefined as unknown as CurrentTransaction,
  card: history,
  merchantRing: null,
};

/** Computes one row of the catalogue, in its order, at an offset of `out`. */
export function writeVector(
  current: CurrentTransaction,
  cardLog: Buffer,
  merchantRing: Buffer | null,
  out: Float32Array,
  at: number,
): void {
  history.read(cardLog, current.event);
  row.current = current;
  row.merchantRing = merchantRing;
  for (let i = 0; i < computes.length; i++) out[at + i] = computes[i]!(row);
}

/** The row of a transaction whose state is not known: what needs state is missing. */
export function writeDefaultVector(current: CurrentTransaction, out: Float32Array, at: number): void {
  row.current = current;
  row.merchantRing = null;
  for (let i = 0; i < computes.length; i++) out[at + i] = withoutState[i]! ? computes[i]!(row) : NaN;
}
