import { distanceKm } from '../geo.js';
import { CARD_WINDOWS, type CardHistory } from '../state/card-history.js';
import { RING_WINDOWS, RISK_WINDOWS, type RingHistory } from '../state/ring-history.js';
import type { VisitHistory } from '../state/visit.js';
import type { CurrentTransaction } from './current.js';
import {
  type CardAggregate,
  type CardFeature,
  type Feature,
  type RingFeature,
  type TransactionAggregate,
  type VisitFeature,
} from './feature.js';

/** Everything one row's features are computed from. */
export interface RowState {
  readonly current: CurrentTransaction;
  readonly card: CardHistory;
  readonly merchant: RingHistory;
  readonly terminal: RingHistory;
  readonly device: VisitHistory;
  readonly ip: VisitHistory;
}

/** A compiled feature; NaN = missing. */
export type Compute = (row: RowState) => number;

const MINOR = 100;
const SHORTEST_TRIP_S = 60;
const MINUTES_A_DAY = 1440;
/** The last hour of the night, as the Fraud Detection Handbook counts it. */
const NIGHT_UNTIL = 6;

/** Minutes since 1970-01-01T00:00 on the clock of the place. */
const localMinutes = ({ parsed }: CurrentTransaction): number =>
  Math.floor(parsed.occurredAtMs / 60_000) + parsed.offsetMinutes;

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

const TRANSACTION: Record<TransactionAggregate, (c: CurrentTransaction) => number> = {
  amount: (c) => c.amount / MINOR,
  local_hour: (c) => modulo(localMinutes(c), MINUTES_A_DAY) / 60,
  is_night: (c) => (Math.floor(modulo(localMinutes(c), MINUTES_A_DAY) / 60) <= NIGHT_UNTIL ? 1 : 0),
  // 1970-01-01 was a Thursday: days 2 and 3 of each week from then on.
  is_weekend: (c) => (modulo(Math.floor(localMinutes(c) / MINUTES_A_DAY) - 2, 7) < 2 ? 1 : 0),
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

const DAY = CARD_WINDOWS.indexOf('24h');
const MONTH = CARD_WINDOWS.indexOf('30d');
const WEEK = CARD_WINDOWS.indexOf('7d');

const CARD: Record<CardAggregate, CardCompute> = {
  count: (card, _, w, own) => card.count[w]! + (own ? 1 : 0),
  sum: (card, current, w, own) => total(card, current, w, own) / MINOR,
  mean: (card, current, w, own) => mean(card, current, w, own) / MINOR,
  max: (card, _, w) => (card.amounts[w] === 0 ? NaN : card.max[w]! / MINOR),
  ratio_to_mean: (card, current, w, own) => ratio(current.amount, mean(card, current, w, own)),
  zscore: (card, current, w) => {
    const n = card.amounts[w]!;
    if (n < 2) return NaN;
    const average = card.sum[w]! / n;
    const variance = Math.max(0, card.squares[w]! / n - average * average);
    // One currency unit of spread at least: a card that always pays the same would else have no measure.
    return (current.amount - average) / Math.max(Math.sqrt(variance), MINOR);
  },
  trend: (card, current, _, own) =>
    ratio(total(card, current, DAY, own), total(card, current, MONTH, own) / 30),
  seconds_since_last: (card, current) =>
    card.lastMs < 0 ? NaN : (current.event.timeMs - card.lastMs) / 1000,
  distinct_merchants: (card, current, w, own) => {
    const merchants = w === WEEK ? card.merchants7d : card.merchants24h;
    return merchants.size + (own && !merchants.has(current.event.merchant) ? 1 : 0);
  },
  first_at_merchant: (card) => (card.merchantSeen ? 0 : 1),
  new_device: (card, current) =>
    current.event.device === 0 || !card.anyDevice ? NaN : card.deviceSeen ? 0 : 1,
  new_ip: (card, current) => (current.event.ip === 0 || !card.anyIp ? NaN : card.ipSeen ? 0 : 1),
  new_country: (card, current) =>
    current.event.country === 0 || !card.anyCountry ? NaN : card.countrySeen ? 0 : 1,
  fraud_share: (card) => (card.judged === 0 ? NaN : card.frauds / card.judged),
  distance_km: (card, current) => distance(card, current),
  speed_kmh: (card, current) => {
    const seconds = Math.max((current.event.timeMs - card.placeMs) / 1000, SHORTEST_TRIP_S);
    return distance(card, current) / (seconds / 3600);
  },
};

const ratio = (amount: number, by: number): number => (by > 0 ? amount / by : NaN);

const counts = (current: CurrentTransaction, own: boolean): boolean => own && !Number.isNaN(current.amount);

/** Minor units. */
const total = (card: CardHistory, current: CurrentTransaction, w: number, own: boolean): number =>
  card.sum[w]! + (counts(current, own) ? current.amount : 0);

/** Minor units; NaN where there is no amount. */
const mean = (card: CardHistory, current: CurrentTransaction, w: number, own: boolean): number =>
  total(card, current, w, own) / (card.amounts[w]! + (counts(current, own) ? 1 : 0));

const distance = (card: CardHistory, { event }: CurrentTransaction): number =>
  card.placeMs < 0 || Number.isNaN(event.latitude)
    ? NaN
    : distanceKm(card.latitude, card.longitude, event.latitude, event.longitude);

function compileCard(feature: CardFeature): Compute {
  const w = feature.window === null ? 0 : CARD_WINDOWS.indexOf(feature.window);
  const compute = CARD[feature.aggregate];
  const own = feature.includesCurrent;
  if (feature.aggregate === 'distinct_merchants' && w !== DAY && w !== WEEK) {
    throw new Error(`${feature.name}: different merchants are kept over 24h and 7d`);
  }
  return (row) => compute(row.card, row.current, w, own);
}

function compileRing({ name, entity, aggregate, window }: RingFeature): Compute {
  const w = RING_WINDOWS.indexOf(window);
  const risk = RISK_WINDOWS.indexOf(window as (typeof RISK_WINDOWS)[number]);
  if (aggregate === 'fraud_share' && risk === -1) throw new Error(`${name}: fraud shares are kept over days`);
  const compute = (ring: RingHistory, current: CurrentTransaction): number => {
    switch (aggregate) {
      case 'count':
        return ring.count[w]!;
      case 'mean':
        return ring.sum[w]! / ring.count[w]! / MINOR;
      case 'ratio_to_mean':
        return ratio(current.amount, ring.sum[w]! / ring.count[w]!);
      case 'fraud_share':
        return ring.frauds[risk]! / ring.judged[risk]!;
      case 'days_since_fraud':
        return ring.daysSinceFraud;
    }
  };
  return entity === 'merchant'
    ? (row) => compute(row.merchant, row.current)
    : (row) =>
        row.current.parsed.transaction.terminal_id === undefined ? NaN : compute(row.terminal, row.current);
}

function compileVisits({ entity, aggregate, window }: VisitFeature): Compute {
  const count = (history: VisitHistory): number => {
    if (aggregate === 'distinct_cards') return history.cards24h.size;
    return window === '1h' ? history.count1h : history.count24h;
  };
  return entity === 'device'
    ? ({ device, current }) => (current.event.device === 0 ? NaN : count(device))
    : ({ ip, current }) => (current.event.ip === 0 ? NaN : count(ip));
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
    case 'terminal':
      return compileRing(feature);
    case 'device':
    case 'ip':
      return compileVisits(feature);
  }
}
