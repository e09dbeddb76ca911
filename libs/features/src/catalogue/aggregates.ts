import { CARD_WINDOWS, type CardHistory } from '../state/card-history.js';
import { dayTotal, DAY_MS, hourTotal, HOUR_MS, type RingTotal } from '../state/ring.js';
import { distanceKm } from '../geo.js';
import type { CurrentTransaction } from './current.js';
import {
  WINDOW_MS,
  type CardAggregate,
  type CardFeature,
  type Feature,
  type MerchantFeature,
  type TransactionAggregate,
} from './feature.js';

/** Everything one row's features are computed from. */
export interface RowState {
  readonly current: CurrentTransaction;
  readonly card: CardHistory;
  /** Null: nothing known of the merchant yet. */
  readonly merchantRing: Buffer | null;
}

/** A compiled feature; NaN = missing. */
export type Compute = (row: RowState) => number;

const MINOR = 100;
const SHORTEST_TRIP_S = 60;

const TRANSACTION: Record<TransactionAggregate, (c: CurrentTransaction) => number> = {
  amount: (c) => c.amount / MINOR,
  local_hour: ({ parsed }) => {
    const minutes = Math.floor(parsed.occurredAtMs / 60_000) + parsed.offsetMinutes;
    return (((minutes % 1440) + 1440) % 1440) / 60;
  },
  is_remote: ({ parsed }) => {
    const channel = parsed.transaction.channel;
    if (channel === undefined || channel === 'other') return NaN;
    return channel === 'pos' || channel === 'atm' ? 0 : 1;
  },
};

type CardCompute = (
  card: CardHistory,
  current: CurrentTransaction,
  w: number,
  includesCurrent: boolean,
) => number;

const CARD: Record<CardAggregate, CardCompute> = {
  count: (card, _, w, own) => card.count[w]! + (own ? 1 : 0),
  sum: (card, current, w, own) =>
    (card.sum[w]! + (own && !Number.isNaN(current.amount) ? current.amount : 0)) / MINOR,
  mean: (card, _, w) => card.sum[w]! / card.amounts[w]! / MINOR,
  max: (card, _, w) => (card.amounts[w] === 0 ? NaN : card.max[w]! / MINOR),
  ratio_to_mean: (card, current, w) => ratio(current.amount, card.sum[w]! / card.amounts[w]!),
  zscore: (card, current, w) => {
    const n = card.amounts[w]!;
    if (n < 2) return NaN;
    const mean = card.sum[w]! / n;
    const variance = Math.max(0, card.squares[w]! / n - mean * mean);
    // One currency unit of spread at least: a card that always pays the same would else have no measure.
    return (current.amount - mean) / Math.max(Math.sqrt(variance), MINOR);
  },
  seconds_since_last: (card, current) =>
    card.lastMs < 0 ? NaN : (current.event.timeMs - card.lastMs) / 1000,
  distinct_merchants: (card, current, _, own) =>
    card.merchants24h.size + (own && !card.merchants24h.has(current.event.merchant) ? 1 : 0),
  first_at_merchant: (card) => (card.merchantSeen ? 0 : 1),
  new_device: (card, current) =>
    current.event.device === 0 || !card.anyDevice ? NaN : card.deviceSeen ? 0 : 1,
  new_country: (card, current) =>
    current.event.country === 0 || !card.anyCountry ? NaN : card.countrySeen ? 0 : 1,
  speed_kmh: (card, { event }) => {
    if (card.placeMs < 0 || Number.isNaN(event.latitude)) return NaN;
    const km = distanceKm(card.latitude, card.longitude, event.latitude, event.longitude);
    return km / (Math.max((event.timeMs - card.placeMs) / 1000, SHORTEST_TRIP_S) / 3600);
  },
};

const ratio = (amount: number, mean: number): number => (mean > 0 ? amount / mean : NaN);

function compileCard(feature: CardFeature): Compute {
  const w = feature.window === null ? 0 : CARD_WINDOWS.indexOf(feature.window);
  const compute = CARD[feature.aggregate];
  const own = feature.includesCurrent;
  if (feature.aggregate === 'distinct_merchants' && feature.window !== '24h') {
    throw new Error(`${feature.name}: different merchants are kept over 24h`);
  }
  return (row) => compute(row.card, row.current, w, own);
}

const scratch: RingTotal = { count: 0, sum: 0 };
const EMPTY = Buffer.alloc(0);

function compileMerchant(feature: MerchantFeature): Compute {
  const span = WINDOW_MS[feature.window];
  const hourly = span <= DAY_MS;
  const slots = span / (hourly ? HOUR_MS : DAY_MS);
  const total = hourly ? hourTotal : dayTotal;
  return ({ merchantRing, current }) => {
    total(merchantRing ?? EMPTY, current.event.timeMs, slots, scratch);
    switch (feature.aggregate) {
      case 'count':
        return scratch.count;
      case 'mean':
        return scratch.sum / scratch.count / MINOR;
      case 'ratio_to_mean':
        return ratio(current.amount, scratch.sum / scratch.count);
    }
  };
}

/** Turns a declaration into the function that computes it. */
export function compileFeature(feature: Feature): Compute {
  switch (feature.entity) {
    case 'transaction': {
      const compute = TRANSACTION[feature.aggregate];
      return (row) => compute(row.current);
    }
    case 'card':
      return compileCard(feature);
    case 'merchant':
      return compileMerchant(feature);
  }
}
