import { scramble } from './random.js';

export interface SimulationOptions {
  /** Any integer; equal options give equal bytes. Default 42. */
  readonly seed?: number;
  /** Number of cards. Default 1,000. */
  readonly cards?: number;
  /** Number of merchants; raised to what the geography needs. Default: 3 for 10 cards, 250 at least. */
  readonly merchants?: number;
  /** First moment, ISO 8601. Default 2026-01-05T00:00:00Z, a Monday. */
  readonly start?: string;
  /** Length of the period. Default 30. */
  readonly days?: number;
  /** Wanted share of fraud among the transactions, 0 to 0.2. Default 0.006. */
  readonly fraud?: number;
}

export interface Simulation {
  readonly seed: number;
  readonly cards: number;
  readonly merchants: number;
  readonly startMs: number;
  readonly days: number;
  readonly endMs: number;
  readonly fraud: number;
  /** Short hash of all options: goes into every id, so that two runs never use one id for two things. */
  readonly tag: string;
}

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** Average number of transactions that one card makes a day; measured, a test holds it. */
export const TRANSACTIONS_PER_CARD_DAY = 1.33;

/** Fills in the defaults. @throws RangeError that names the option */
export function resolveOptions(options: SimulationOptions = {}): Simulation {
  const seed = whole('seed', options.seed ?? 42, -(2 ** 31), 2 ** 32 - 1);
  const cards = whole('cards', options.cards ?? 1000, 1, 5_000_000);
  const merchants = whole(
    'merchants',
    options.merchants ?? Math.max(250, Math.round(cards * 0.3)),
    1,
    5_000_000,
  );
  const days = whole('days', options.days ?? 30, 1, 3660);
  const fraud = options.fraud ?? 0.006;
  if (!(fraud >= 0 && fraud <= 0.2)) throw new RangeError('fraud must lie between 0 and 0.2');
  const startMs = Date.parse(options.start ?? '2026-01-05T00:00:00Z');
  if (!Number.isFinite(startMs) || startMs < 0)
    throw new RangeError('start must be an ISO 8601 date after 1970');
  let h = 0;
  for (const part of [seed, cards, merchants, days, Math.round(fraud * 1e6), Math.floor(startMs / 1000)]) {
    h = scramble((h ^ part) + 0x9e3779b9);
  }
  const tag = (h >>> 0).toString(36).padStart(7, '0');
  return { seed, cards, merchants, startMs, days, endMs: startMs + days * DAY_MS, fraud, tag };
}

/** Number of cards that make about the wanted number of transactions in so many days. */
export function cardsFor(transactions: number, days: number): number {
  return Math.max(20, Math.ceil(transactions / (days * TRANSACTIONS_PER_CARD_DAY)));
}

function whole(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}`);
  }
  return value;
}
