import { LOG_ENTITIES } from '@fraud/contract';
import { compileFeature, type RowState } from './catalogue/aggregates.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import type { CurrentTransaction } from './catalogue/current.js';
import { REACH_MS } from './catalogue/reach.js';
import { CardHistory } from './state/card-history.js';
import { DEPTH } from './state/depth.js';
import { RingHistory } from './state/ring-history.js';
import { VisitHistory } from './state/visit.js';
import type { StateOfRow } from './store/store.js';

export const FEATURE_NAMES: readonly string[] = CATALOGUE.map((f) => f.name);
/** Those that drift is watched on. */
export const DRIFT_FEATURES: readonly string[] = CATALOGUE.filter((f) => f.driftEligible).map((f) => f.name);
export const VECTOR_LENGTH = CATALOGUE.length;

const computes = CATALOGUE.map(compileFeature);
const withoutState = CATALOGUE.map((f) => f.state === 'none');

/** Reused for every row: reading a log allocates nothing. */
const card = new CardHistory();
const merchant = new RingHistory();
const terminal = new RingHistory();
const device = new VisitHistory(DEPTH.device);
const ip = new VisitHistory(DEPTH.ip);
const row: { -readonly [K in keyof RowState]: RowState[K] } = {
  current: undefined as unknown as CurrentTransaction,
  card,
  merchant,
  terminal,
  device,
  ip,
};

/** The state that features are computed from. */
export type VectorState = Pick<
  StateOfRow,
  'cardLog' | 'merchantRing' | 'terminalRing' | 'deviceLog' | 'ipLog'
>;

/** The histories whose logs can be saturated, in the order of LOG_ENTITIES. */
const histories = LOG_ENTITIES.map((entity) => ({ history: row[entity], reachMs: REACH_MS[entity] }));

/**
 * Computes one row of the catalogue, in its order, at an offset of `out`.
 * @returns which logs are saturated, one bit for each of LOG_ENTITIES: an event that features do not look at any more, the last
 * one of them to arrive, is not older than the longest window
 */
export function writeVector(
  current: CurrentTransaction,
  state: VectorState,
  out: Float32Array,
  at: number,
): number {
  card.read(state.cardLog, current.event);
  device.read(state.deviceLog, current.event);
  ip.read(state.ipLog, current.event);
  merchant.read(state.merchantRing, current.event.timeMs);
  terminal.read(state.terminalRing, current.event.timeMs);
  row.current = current;
  for (let i = 0; i < computes.length; i++) out[at + i] = computes[i]!(row);
  let saturated = 0;
  for (let i = 0; i < histories.length; i++) {
    const { history, reachMs } = histories[i]!;
    if (history.beyondMs > current.event.timeMs - reachMs) saturated |= 1 << i;
  }
  return saturated;
}

/** The row of a transaction whose state is not known: what needs state is missing. */
export function writeDefaultVector(current: CurrentTransaction, out: Float32Array, at: number): void {
  row.current = current;
  for (let i = 0; i < computes.length; i++) out[at + i] = withoutState[i]! ? computes[i]!(row) : NaN;
}
