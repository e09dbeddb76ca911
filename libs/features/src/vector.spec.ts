import { parseTransaction, type Transaction } from '@fraud/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCurrent, type CurrentTransaction } from './catalogue/current.js';
import { WINDOW_MS } from './catalogue/feature.js';
import { distanceKm } from './geo.js';
import { CARD_EVENT_BYTES, writeCardEvent } from './state/card-event.js';
import { FEATURE_NAMES, VECTOR_LENGTH, writeDefaultVector, writeVector } from './vector.js';

const START = Date.UTC(2026, 0, 5);
const fx = {
  version: 'test',
  convert: (amount: number, currency: string): number => (currency === 'EUR' ? amount : NaN),
};

let serial = 0;
function transaction(ms: number, more: Partial<Transaction> = {}): CurrentTransaction {
  const parsed = parseTransaction({
    transaction_id: `tx-${serial++}`,
    occurred_at: new Date(ms).toISOString(),
    amount: 1000,
    currency: 'EUR',
    card_id: 'card',
    merchant_id: 'merchant',
    ...more,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return toCurrent(parsed, fx);
}

function logOf(events: readonly CurrentTransaction[]): Buffer {
  const log = Buffer.alloc(events.length * CARD_EVENT_BYTES);
  events.forEach((e, i) => {
    writeCardEvent(e.event, e.identity.eventHash, log, i * CARD_EVENT_BYTES);
  });
  return log;
}

function features(
  current: CurrentTransaction,
  past: readonly CurrentTransaction[] = [],
): Record<string, number> {
  const out = new Float32Array(VECTOR_LENGTH);
  writeVector(current, logOf(past), null, out, 0);
  return Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, out[i]!]));
}

interface Event {
  readonly at: number;
  readonly amount: number;
  readonly merchant: number;
  readonly known: boolean;
}
const event: fc.Arbitrary<Event> = fc.record({
  // Seconds around the current event, future ones included, with many ties and window edges.
  at: fc.oneof(
    fc.integer({ min: -40 * 86_400, max: 3600 }),
    fc.constantFrom(0, -1, -3600, -3599, -3601, -86_400, -86_399, -604_800, -2_592_000, -2_591_999),
  ),
  amount: fc.integer({ min: 0, max: 1e8 }),
  merchant: fc.integer({ min: 0, max: 5 }),
  known: fc.boolean(),
});

describe('writeVector', () => {
  it('computes every window exactly as a list of the past does, whatever the order of arrival', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), event, (past, now) => {
        const toTransaction = (e: Event, ms: number): CurrentTransaction =>
          transaction(ms, {
            amount: e.amount,
            merchant_id: `m${e.merchant}`,
            currency: e.known ? 'EUR' : 'XTS',
          });
        const current = toTransaction(now, START);
        const got = features(
          current,
          past.map((e) => toTransaction(e, START + e.at * 1000)),
        );
        const within = (w: keyof typeof WINDOW_MS): Event[] =>
          past.filter((e) => e.at <= 0 && e.at * 1000 > -WINDOW_MS[w]);
        const sum = (events: Event[]): number =>
          events.filter((e) => e.known).reduce((a, e) => a + e.amount, 0);
        const own = now.known ? now.amount : 0;
        expect(got['card_count_1h']).toBe(within('1h').length + 1);
        expect(got['card_count_24h']).toBe(within('24h').length + 1);
        expect(got['card_count_7d']).toBe(within('7d').length + 1);
        expect(got['card_sum_1h']).toBe(Math.fround((sum(within('1h')) + own) / 100));
        expect(got['card_sum_24h']).toBe(Math.fround((sum(within('24h')) + own) / 100));
        const known30 = within('30d').filter((e) => e.known);
        expect(got['card_mean_30d']).toBe(Math.fround(sum(known30) / known30.length / 100));
        const known7 = within('7d').filter((e) => e.known);
        expect(got['card_max_7d']).toBe(
          known7.length === 0 ? NaN : Math.fround(Math.max(...known7.map((e) => e.amount)) / 100),
        );
        expect(got['card_merchants_24h']).toBe(
          new Set([...within('24h').map((e) => e.merchant), now.merchant]).size,
        );
        const before = past.filter((e) => e.at <= 0);
        expect(got['card_first_at_merchant']).toBe(before.some((e) => e.merchant === now.merchant) ? 0 : 1);
        const last = Math.max(...before.map((e) => e.at));
        expect(got['card_seconds_since_last']).toBe(before.length === 0 ? NaN : Math.fround(0 - last));
      }),
      { numRuns: 300 },
    );
  });

  it('measures the speed from the last located transaction', () => {
    const paris = transaction(START - 3_600_000, { latitude: 48.8566, longitude: 2.3522 });
    const somewhere = transaction(START - 1_800_000);
    const berlin = transaction(START, { latitude: 52.52, longitude: 13.405 });
    const speed = features(berlin, [paris, somewhere])['card_speed_kmh']!;
    expect(speed).toBeGreaterThan(870);
    expect(speed).toBeLessThan(885);
    expect(features(berlin, [somewhere])['card_speed_kmh']).toBeNaN();
  });

  it('flags a new device and a new country only where others are known', () => {
    const known = transaction(START - 1000, { device_id: 'a', country: 'FR' });
    const other = transaction(START, { device_id: 'b', country: 'IT' });
    const same = transaction(START, { device_id: 'a', country: 'FR' });
    expect(features(other, [known])).toMatchObject({ card_new_device: 1, card_new_country: 1 });
    expect(features(same, [known])).toMatchObject({ card_new_device: 0, card_new_country: 0 });
    expect(features(other)).toMatchObject({ card_new_device: NaN, card_new_country: NaN });
  });

  it('takes the hour of the place, not of UTC', () => {
    const hour = (occurred_at: string): number =>
      features(transaction(START, { occurred_at }))['local_hour']!;
    expect(hour('2026-01-05T23:30:00-05:00')).toBe(23.5);
    expect(hour('2026-01-05T00:15:00+14:00')).toBe(0.25);
  });

  it('makes every amount feature missing in an unknown currency, and keeps the counts', () => {
    const got = features(transaction(START, { currency: 'XTS' }), [transaction(START - 1000)]);
    expect(got).toMatchObject({ amount: NaN, card_ratio_30d: NaN, card_zscore_30d: NaN, card_count_1h: 2 });
  });
});

describe('writeDefaultVector', () => {
  it('leaves everything that needs history missing', () => {
    const out = new Float32Array(VECTOR_LENGTH);
    writeDefaultVector(transaction(START, { channel: 'pos' }), out, 0);
    const present = FEATURE_NAMES.filter((_, i) => !Number.isNaN(out[i]));
    expect(present).toEqual(['amount', 'local_hour', 'is_remote']);
  });
});

describe('distanceKm', () => {
  it('is symmetric, zero at the same place and at most half the circumference', () => {
    const lat = fc.double({ min: -90, max: 90, noNaN: true });
    const lon = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(lat, lon, lat, lon, (a, b, c, d) => {
        const there = distanceKm(a, b, c, d);
        expect(distanceKm(c, d, a, b)).toBeCloseTo(there, 6);
        expect(there).toBeLessThanOrEqual(20_016);
        expect(distanceKm(a, b, a, b)).toBe(0);
      }),
    );
  });
});
