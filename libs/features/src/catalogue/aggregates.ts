import { distanceKm } from '../geo.js';
import { CARD_WINDOWS, type CardHistory } from '../state/card-history.js';
import {
  dayTotal,
  DAY_MS,
  DAY_SLOTS,
  hourTotal,
  HOUR_MS,
  lastFraudDay,
  riskOf,
  type RingRisk,
  type RingTotal,
} from '../state/ring.js';
import type { VisitHistory } from '../state/visit.js';
import type { CurrentTransaction } from './current.js';
import {
  LABEL_DELAY_DAYS,
  WINDOW_MS,
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
  /** Null: nothing known of the merchant yet. */
  readonly merchantRing: Buffer | null;
  /** Null: nothing known of the terminal yet, or there is none. */
  readonly terminalRing: Buffer | null;
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

const scratch: RingTotal = { count: 0, sum: 0 };
/** Days before today that a ring still holds in full. */
const MEMORY_DAYS = DAY_SLOTS - 1;
const risk: RingRisk = { count: 0, frauds: 0 };
const EMPTY = Buffer.alloc(0);

function compileRing(feature: RingFeature): Compute {
  const span = WINDOW_MS[feature.window];
  const hourly = span <= DAY_MS;
  const slots = span / (hourly ? HOUR_MS : DAY_MS);
  const sumUp = hourly ? hourTotal : dayTotal;
  const days = Math.max(1, span / DAY_MS);
  const terminal = feature.entity === 'terminal';
  const { aggregate } = feature;
  return ({ merchantRing, terminalRing, current }) => {
    if (terminal && current.parsed.transaction.terminal_id === undefined) return NaN;
    const ring = (terminal ? terminalRing : merchantRing) ?? EMPTY;
    const today = Math.floor(current.event.timeMs / DAY_MS);
    if (aggregate === 'days_since_fraud') {
      const last = lastFraudDay(ring, today - MEMORY_DAYS, today);
      return last < 0 ? NaN : today - last;
    }
    if (aggregate === 'fraud_share') {
      // One slot further than the window: the oldest one is only partly in it, and as much of the youngest one is not.
      const to = today - LABEL_DELAY_DAYS;
      riskOf(ring, to - days, to, risk);
      return risk.count === 0 ? NaN : risk.frauds / risk.count;
    }
    sumUp(ring, current.event.timeMs, slots, scratch);
    switch (aggregate) {
      case 'count':
        return scratch.count;
      case 'mean':
        return scratch.sum / scratch.count / MINOR;
      case 'ratio_to_mean':
        return ratio(current.amount, scratch.sum / scratch.count);
    }
  };
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
