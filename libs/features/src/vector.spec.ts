import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CurrentTransaction } from './catalogue/current.js';
import { WINDOW_MS } from './catalogue/feature.js';
import { distanceKm } from './geo.js';
import { CARD_EVENT_BYTES, markFraud } from './state/card-event.js';
import { addFraud } from './state/ring.js';
import { logOf, ringOf, START, transaction, visitsOf } from './testing/histories.js';
import { FEATURE_NAMES, VECTOR_LENGTH, writeDefaultVector, writeVector } from './vector.js';

function features(
  current: CurrentTransaction,
  past: readonly CurrentTransaction[] = [],
): Record<string, number> {
  const out = new Float32Array(VECTOR_LENGTH);
  const { device_id, ip } = current.parsed.transaction;
  const state = {
    cardLog: logOf(past),
    merchantRing: ringOf(past, () => true),
    terminalRing: ringOf(
      past,
      (e) => e.parsed.transaction.terminal_id === current.parsed.transaction.terminal_id,
    ),
    deviceLog: visitsOf(
      past.filter((e) => device_id !== undefined && e.parsed.transaction.device_id === device_id),
    ),
    ipLog: visitsOf(past.filter((e) => ip !== undefined && e.parsed.transaction.ip === ip)),
  };
  writeVector(current, state, out, 0);
  return Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, out[i]!]));
}

interface Event {
  readonly at: number;
  readonly amount: number;
  readonly merchant: number;
  readonly known: boolean;
  readonly card: number;
  readonly device: number | null;
  readonly ip: number | null;
}
const event: fc.Arbitrary<Event> = fc.record({
  // Seconds around the current event, future ones included, with many ties and window edges.
  at: fc.oneof(
    fc.integer({ min: -40 * 86_400, max: 3600 }),
    fc.constantFrom(
      0,
      -1,
      -3600,
      -3599,
      -3601,
      -21_600,
      -21_599,
      -86_400,
      -86_399,
      -604_800,
      -2_592_000,
      -2_591_999,
    ),
  ),
  amount: fc.integer({ min: 0, max: 1e8 }),
  merchant: fc.integer({ min: 0, max: 5 }),
  known: fc.boolean(),
  card: fc.integer({ min: 0, max: 3 }),
  device: fc.option(fc.integer({ min: 0, max: 1 })),
  ip: fc.option(fc.integer({ min: 0, max: 1 })),
});

const toTransaction = (e: Event, ms: number): CurrentTransaction =>
  transaction(ms, {
    amount: e.amount,
    merchant_id: `m${e.merchant}`,
    currency: e.known ? 'EUR' : 'XTS',
    card_id: `card-${e.card}`,
    ...(e.device === null ? {} : { device_id: `device-${e.device}` }),
    ...(e.ip === null ? {} : { ip: `192.0.2.${e.ip}` }),
  });

const WINDOWS = Object.keys(WINDOW_MS) as (keyof typeof WINDOW_MS)[];
const sum = (events: readonly Event[]): number =>
  events.filter((e) => e.known).reduce((a, e) => a + e.amount, 0);
const over = (a: number, b: number): number => (b > 0 ? Math.fround(a / b) : NaN);

describe('writeVector', () => {
  it('computes every window exactly as a list of the past does, whatever the order of arrival', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), event, (past, now) => {
        const got = features(
          toTransaction(now, START),
          past.map((e) => toTransaction(e, START + e.at * 1000)),
        );
        const before = past.filter((e) => e.at <= 0);
        const within = (w: keyof typeof WINDOW_MS): Event[] =>
          before.filter((e) => e.at * 1000 > -WINDOW_MS[w]);
        const ownAmount = now.known ? now.amount : NaN;
        for (const w of WINDOWS) {
          const all = [...within(w), now];
          const known = within(w).filter((e) => e.known);
          expect(got[`card_count_${w}`]).toBe(all.length);
          expect(got[`card_sum_${w}`]).toBe(Math.fround(sum(all) / 100));
          const knownAll = all.filter((e) => e.known);
          expect(got[`card_mean_${w}`]).toBe(Math.fround(sum(all) / knownAll.length / 100));
          expect(got[`card_max_${w}`]).toBe(
            known.length === 0 ? NaN : Math.fround(Math.max(...known.map((e) => e.amount)) / 100),
          );
        }
        for (const w of ['24h', '7d', '30d'] as const) {
          const known = within(w).filter((e) => e.known);
          expect(got[`card_ratio_${w}`]).toBe(over(ownAmount, sum(known) / known.length));
          const mean = now.known ? sum([...known, now]) / (known.length + 1) : NaN;
          expect(got[`card_own_ratio_${w}`]).toBe(over(ownAmount, mean));
        }
        expect(got['card_trend']).toBe(over(sum([...within('24h'), now]), sum([...within('30d'), now]) / 30));
        for (const w of ['24h', '7d'] as const) {
          expect(got[`card_merchants_${w}`]).toBe(new Set([...within(w), now].map((e) => e.merchant)).size);
        }
        expect(got['card_first_at_merchant']).toBe(before.some((e) => e.merchant === now.merchant) ? 0 : 1);
        const fresh = (of: (e: Event) => number | null): number =>
          of(now) === null || before.every((e) => of(e) === null)
            ? NaN
            : before.some((e) => of(e) === of(now))
              ? 0
              : 1;
        expect(got['card_new_device']).toBe(fresh((e) => e.device));
        expect(got['card_new_ip']).toBe(fresh((e) => e.ip));
        const last = Math.max(...before.map((e) => e.at));
        expect(got['card_seconds_since_last']).toBe(before.length === 0 ? NaN : Math.fround(0 - last));

        for (const [name, of] of [
          ['device', (e: Event) => e.device],
          ['ip', (e: Event) => e.ip],
        ] as const) {
          const there = (w: '1h' | '24h'): Event[] => within(w).filter((e) => of(e) === of(now));
          const absent = of(now) === null;
          expect(got[`${name}_count_1h`]).toBe(absent ? NaN : there('1h').length);
          expect(got[`${name}_count_24h`]).toBe(absent ? NaN : there('24h').length);
          expect(got[`${name}_cards_24h`]).toBe(absent ? NaN : new Set(there('24h').map((e) => e.card)).size);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('computes the rings of merchants and terminals over whole slots, without the current one', () => {
    const past = [-10, -30 * 60, -90 * 60, -5 * 86_400, -20 * 86_400, -33 * 86_400].map((s, i) =>
      transaction(START + s * 1000, { amount: 1000 * (i + 1), terminal_id: i % 2 === 0 ? 'a' : 'b' }),
    );
    const got = features(transaction(START, { amount: 9000, terminal_id: 'a' }), past);
    // START is midnight: its own hour and day are empty, so 1h holds nothing, and 24h the 23 hours before it.
    expect(got).toMatchObject({
      merchant_count_1h: 0,
      merchant_count_24h: 3,
      merchant_count_7d: 4,
      merchant_count_30d: 5,
      merchant_mean_30d: 30,
      merchant_ratio_30d: 3,
      terminal_count_24h: 2,
      terminal_count_30d: 3,
    });
    expect(got['terminal_mean_30d']).toBe(Math.fround((10 + 30 + 50) / 3));
    expect(features(transaction(START), past)['terminal_count_30d']).toBeNaN();
  });

  it('computes fraud shares over whole days, as of the label delay, from what is known', () => {
    const DAY = 86_400_000;
    const sale = fc.record({
      day: fc.integer({ min: -42, max: 0 }),
      fraud: fc.boolean(),
      known: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sale, { maxLength: 60 }), (sales) => {
        const noon = START + DAY / 2;
        const past = sales
          .toSorted((a, b) => a.day - b.day)
          .map(({ day, fraud }) => ({
            day,
            fraud,
            t: transaction(noon + day * DAY - 1, { terminal_id: 'a' }),
          }));
        const ring = ringOf(
          past.map((p) => p.t),
          () => true,
        );
        for (const { fraud, t } of past) if (fraud) addFraud(ring, t.event.timeMs, 1);
        const log = logOf(past.map((p) => p.t));
        past.forEach(({ fraud }, i) => {
          markFraud(log, i * CARD_EVENT_BYTES, fraud);
        });
        const out = new Float32Array(VECTOR_LENGTH);
        const none = { deviceLog: Buffer.alloc(0), ipLog: Buffer.alloc(0) };
        const current = transaction(noon, { terminal_id: 'a' });
        writeVector(current, { cardLog: log, merchantRing: ring, terminalRing: ring, ...none }, out, 0);
        const got = Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, out[i]!]));

        // The ring keeps 38 days.
        const kept = past.filter((p) => p.day > -38);
        const share = (from: number, to: number, all: readonly { day: number; fraud: boolean }[]): number => {
          const within = all.filter((p) => p.day >= from && p.day <= to);
          return within.length === 0
            ? NaN
            : Math.fround(within.filter((p) => p.fraud).length / within.length);
        };
        for (const who of ['merchant', 'terminal']) {
          expect(got[`${who}_risk_24h`]).toBe(share(-8, -7, kept));
          expect(got[`${who}_risk_7d`]).toBe(share(-14, -7, kept));
          expect(got[`${who}_risk_30d`]).toBe(share(-37, -7, kept));
          const last = kept.findLast((p) => p.fraud);
          expect(got[`${who}_days_since_fraud_30d`]).toBe(last === undefined ? NaN : 0 - last.day);
        }
        // The log is exact: each event is a millisecond older than a whole number of days.
        expect(got['card_fraud_share_30d']).toBe(share(-36, -7, past));
      }),
      { numRuns: 200 },
    );
  });

  it('takes night and weekend on the clock of the place', () => {
    const at = (occurred_at: string) => features(transaction(START, { occurred_at }));
    // A Saturday begins in Auckland while it is Friday noon in London.
    expect(at('2026-01-10T00:30:00+13:00')).toMatchObject({ is_weekend: 1, is_night: 1 });
    expect(at('2026-01-09T11:30:00+00:00')).toMatchObject({ is_weekend: 0, is_night: 0 });
    expect(at('2026-01-11T23:59:59-08:00')).toMatchObject({ is_weekend: 1, is_night: 0 });
    expect(at('2026-01-12T06:59:00-08:00')).toMatchObject({ is_weekend: 0, is_night: 1 });
    expect(at('2026-01-12T07:00:00-08:00')).toMatchObject({ is_night: 0 });
  });

  it('measures the speed from the last located transaction', () => {
    const paris = transaction(START - 3_600_000, { latitude: 48.8566, longitude: 2.3522 });
    const somewhere = transaction(START - 1_800_000);
    const berlin = transaction(START, { latitude: 52.52, longitude: 13.405 });
    const speed = features(berlin, [paris, somewhere])['card_speed_kmh']!;
    expect(speed).toBeGreaterThan(870);
    expect(speed).toBeLessThan(885);
    expect(features(berlin, [paris, somewhere])['card_distance_km']).toBeCloseTo(877, -1);
    expect(features(berlin, [somewhere])).toMatchObject({ card_speed_kmh: NaN, card_distance_km: NaN });
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
    expect(present).toEqual(['amount', 'local_hour', 'is_night', 'is_weekend', 'is_remote']);
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
