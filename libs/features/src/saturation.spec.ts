import { LOG_ENTITIES, type LogEntity } from '@fraud/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CurrentTransaction } from './catalogue/current.js';
import { WINDOW_MS } from './catalogue/feature.js';
import { CARD_EVENT_BYTES, markFraud } from './state/card-event.js';
import { logOf, START, transaction, visitsOf } from './testing/histories.js';
import { FEATURE_NAMES, VECTOR_LENGTH, writeVector } from './vector.js';

const DAY = 86_400_000;
const DELAY = 7 * DAY;
/** How many events features look at, and how far back the longest window reaches. */
const LOGS = {
  card: { depth: 256, reach: 37 * DAY },
  device: { depth: 64, reach: DAY },
  ip: { depth: 128, reach: DAY },
} as const satisfies Record<LogEntity, object>;

interface Event {
  readonly at: number;
  readonly amount: number;
  readonly fraud: boolean;
}
interface Seen {
  readonly features: Readonly<Record<string, number>>;
  readonly saturated: readonly LogEntity[];
}

/**
 * What is computed at a time behind a past, in order of arrival, of which the store keeps what features look at and some
 * events more.
 */
function see(past: readonly Event[], at: number, kept: number): Seen {
  const place = { device_id: 'device', ip: '192.0.2.1' };
  const rows = past.map((e): CurrentTransaction => transaction(e.at, { amount: e.amount, ...place }));
  const cardRows = rows.slice(-(LOGS.card.depth + kept));
  const cardLog = logOf(cardRows);
  for (const [i, e] of past.slice(-cardRows.length).entries())
    markFraud(cardLog, i * CARD_EVENT_BYTES, e.fraud);
  const out = new Float32Array(VECTOR_LENGTH);
  const bits = writeVector(
    transaction(at, { amount: 0, ...place }),
    {
      cardLog,
      deviceLog: visitsOf(rows.slice(-(LOGS.device.depth + kept))),
      ipLog: visitsOf(rows.slice(-(LOGS.ip.depth + kept))),
      merchantRing: null,
      terminalRing: null,
    },
    out,
    0,
  );
  return {
    features: Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, out[i]!])),
    saturated: LOG_ENTITIES.filter((_, i) => (bits & (1 << i)) !== 0),
  };
}

/** The windowed features of one log, from a plain list. */
function fromList(entity: LogEntity, past: readonly Event[], at: number): Record<string, number> {
  const within = (ms: number, until = at): Event[] => past.filter((e) => e.at <= until && e.at > until - ms);
  if (entity !== 'card') {
    return {
      [`${entity}_count_1h`]: within(WINDOW_MS['1h']).length,
      [`${entity}_count_24h`]: within(WINDOW_MS['24h']).length,
    };
  }
  const judged = within(WINDOW_MS['30d'], at - DELAY);
  const share = Math.fround(judged.filter((e) => e.fraud).length / judged.length);
  const expected: Record<string, number> = { card_fraud_share_30d: judged.length === 0 ? NaN : share };
  for (const w of Object.keys(WINDOW_MS) as (keyof typeof WINDOW_MS)[]) {
    const events = within(WINDOW_MS[w]);
    expected[`card_count_${w}`] = events.length + 1;
    expected[`card_sum_${w}`] = Math.fround(events.reduce((sum, e) => sum + e.amount, 0) / 100);
    expected[`card_max_${w}`] =
      events.length === 0 ? NaN : Math.fround(Math.max(...events.map((e) => e.amount)) / 100);
  }
  return expected;
}

/** A past with about as many events in each longest window as features look at, often exactly so many; ties are common. */
const inOrder = fc
  .record({
    size: fc.oneof(fc.integer({ min: 0, max: 420 }), fc.constantFrom(64, 65, 128, 129, 256, 257, 258)),
    span: fc.constantFrom(DAY / 2, DAY, 2 * DAY, 20 * DAY, 37 * DAY, 60 * DAY),
    jitter: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 7, maxLength: 7 }),
    amount: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ size, span, jitter, amount }): Event[] => {
    const gap = Math.floor(span / 256 / 2);
    let at = START - 2 * size * gap;
    return Array.from({ length: size }, (_, i) => {
      at += gap * jitter[i % 7]!;
      return { at, amount: (amount * (i + 1)) % 1e6, fraud: i % 11 === 0 };
    });
  });
/** Events that the store keeps beyond those that features look at. */
const kept = fc.integer({ min: 1, max: 160 });
/** When a transaction happens: about the last one of the past, or as the first event that is not looked at leaves the window. */
const moment = fc.oneof(
  fc.constantFrom(0, 1000, -1000).map((ms) => (past: readonly Event[]) => (past.at(-1)?.at ?? START) + ms),
  fc
    .integer({ min: -3 * DAY, max: 40 * DAY })
    .map((ms) => (past: readonly Event[]) => (past.at(-1)?.at ?? START) + ms),
  fc
    .record({ entity: fc.constantFrom(...LOG_ENTITIES), ms: fc.constantFrom(0, -1) })
    .map(({ entity, ms }) => (past: readonly Event[]) => {
      const { depth, reach } = LOGS[entity];
      return (past.at(-depth - 1)?.at ?? START) + reach + ms;
    }),
);

describe('a saturated log', () => {
  it('is one with more events in the longest window than features look at; every other one is exact', () => {
    const flagged = { yes: 0, no: 0 };
    fc.assert(
      fc.property(inOrder, kept, moment, (past, more, when) => {
        const at = when(past);
        const { features, saturated } = see(past, at, more);
        for (const entity of LOG_ENTITIES) {
          const { depth, reach } = LOGS[entity];
          // What happened after a late transaction takes room in the log, too.
          const full = past.filter((e) => e.at > at - reach).length > depth;
          expect(saturated.includes(entity)).toBe(full);
          flagged[full ? 'yes' : 'no'] += 1;
          // What a saturated log lacks is not promised.
          expect(features).toMatchObject(full ? {} : fromList(entity, past, at));
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(flagged.yes, flagged.no)).toBeGreaterThan(100);
  });

  it('looks at the newest arrivals alone, whatever else the store keeps', () => {
    fc.assert(
      fc.property(inOrder, kept, kept, moment, (past, one, other, when) => {
        const at = when(past);
        expect(see(past, at, one)).toEqual(see(past, at, other));
        const newest = past.slice(-LOGS.card.depth);
        expect(see(past, at, one).features).toMatchObject(fromList('card', newest, at));
      }),
      { numRuns: 100 },
    );
  });

  it('is none up to its depth, in any order of arrival', () => {
    const anyOrder = fc.array(
      fc.record({
        at: fc.integer({ min: START - 50 * DAY, max: START + DAY }),
        amount: fc.integer({ min: 0, max: 1e6 }),
        fraud: fc.boolean(),
      }),
      { maxLength: LOGS.device.depth },
    );
    fc.assert(
      fc.property(anyOrder, (past) => {
        const { features, saturated } = see(past, START, 1);
        expect(saturated).toEqual([]);
        for (const entity of LOG_ENTITIES) expect(features).toMatchObject(fromList(entity, past, START));
      }),
    );
  });
});
