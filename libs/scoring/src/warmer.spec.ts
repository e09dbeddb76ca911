import { createHash } from 'node:crypto';
import type { Transaction } from '@fraud/contract';
import {
  FeatureStoreUnavailable,
  MemoryFeatureStore,
  Pseudonyms,
  RingHistory,
  type FeatureStore,
  type StateRead,
} from '@fraud/features';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Warmer } from './warmer.js';

const START = Date.UTC(2026, 0, 5);
const FX = {
  version: '',
  convert: (amount: number, currency: string) => (currency === 'XXX' ? NaN : amount),
};

/** The i-th row of the traffic: few cards and merchants, some ties. */
const row = (i: number, more: Partial<Transaction> = {}): Transaction => ({
  transaction_id: `tx-${i}`,
  occurred_at: new Date(START + Math.floor(i / 2) * 60_000).toISOString(),
  amount: 100 + i,
  currency: 'EUR',
  card_id: `card-${i % 3}`,
  merchant_id: `merchant-${i % 2}`,
  ...more,
});

const warmerOn = (store: FeatureStore): Warmer => new Warmer(store, FX, new Pseudonyms('key'), 0);
const embedded = (): FeatureStore =>
  new MemoryFeatureStore({ decisionTtlMs: 3_600_000, maxCards: 100, maxMerchants: 100, maxDecisions: 100 });

/** A probe behind all of the traffic. */
const probe = (card: string, merchant: string): StateRead => ({
  transactionId: 'probe',
  cardId: card,
  merchantId: merchant,
  terminalId: null,
  deviceId: null,
  ipHash: null,
  cardEvent: Buffer.alloc(32, 0xff),
  visit: Buffer.alloc(16, 0xff),
});

async function counted(store: FeatureStore, merchant: string): Promise<{ n: number; sum: number }> {
  const [state] = await store.look([probe('none', merchant)], 0);
  const history = new RingHistory();
  history.read(state!.merchantRing, START + 86_400_000 - 1);
  return { n: history.count[3]!, sum: history.sum[3]! };
}

async function events(store: FeatureStore, card: string): Promise<string[]> {
  const [state] = await store.look([probe(card, 'none')], 0);
  const log = state!.cardLog;
  return Array.from({ length: log.length / 32 }, (_, i) => log.toString('hex', i * 32, i * 32 + 6));
}

const idOf = (t: Transaction): string =>
  createHash('sha256').update(t.transaction_id).digest('hex').slice(0, 12);

/** A store whose calls fail as they are told to: before they take effect, or behind it. */
function failing(store: FeatureStore, failures: ('before' | 'behind' | 'never')[]): FeatureStore {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const failure = failures.shift();
    if (failure === 'before') throw new FeatureStoreUnavailable('not sent');
    const result = await work();
    if (failure === 'behind') throw new FeatureStoreUnavailable('reply lost');
    return result;
  };
  return {
    kind: 'failing',
    exchange: (...args) => call(() => store.exchange(...args)),
    look: (...args) => call(() => store.look(...args)),
    decisions: (...args) => store.decisions(...args),
    label: (...args) => call(() => store.label(...args)),
    forget: (...args) => store.forget(...args),
    ping: (...args) => store.ping(...args),
    close: () => store.close(),
  };
}

describe('Warmer', () => {
  it('leaves each transaction in its card’s log once and counts it once, whatever fails, ends early and is repeated', async () => {
    const run = fc.record({
      from: fc.integer({ min: 0, max: 30 }),
      rows: fc.integer({ min: 0, max: 40 }),
      size: fc.integer({ min: 1, max: 9 }),
      failures: fc.array(fc.constantFrom('before' as const, 'behind' as const, 'never' as const), {
        maxLength: 3,
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 6 }), async (runs) => {
        const store = embedded();
        const taken = new Set<number>();
        for (const { from, rows, size, failures } of runs) {
          const warmer = warmerOn(failing(store, [...failures]));
          for (let at = from; at < from + rows; at += size) {
            const numbers = Array.from({ length: Math.min(size, from + rows - at) }, (_, i) => at + i);
            await warmer.take(numbers.map((i) => row(i)));
            for (const i of numbers) taken.add(i);
          }
        }
        for (const parity of [0, 1]) {
          const own = [...taken].filter((i) => i % 2 === parity);
          const sum = own.reduce((total, i) => total + 100 + i, 0);
          expect(await counted(store, `merchant-${parity}`)).toEqual({ n: own.length, sum });
        }
        for (const card of [0, 1, 2]) {
          const own = [...taken].filter((i) => i % 3 === card).map((i) => idOf(row(i)));
          expect((await events(store, `card-${card}`)).toSorted()).toEqual(own.toSorted());
        }
      }),
      { numRuns: 25 },
    );
  });

  it('says what became of each row', async () => {
    const warmer = warmerOn(embedded());
    expect(await warmer.take([row(1), row(1), row(2, { amount: -1 }), row(3)])).toEqual([
      'new',
      'known',
      { refused: 'invalid_transaction' },
      'new',
    ]);
    expect(await warmer.take([row(3), row(4), row(1)])).toEqual(['known', 'new', 'known']);
    expect(await warmer.take([])).toEqual([]);
  });

  it('leaves out what a full log has forgotten, and counts it no second time', async () => {
    const store = embedded();
    const warmer = warmerOn(store);
    const busy = Array.from({ length: 400 }, (_, i) => row(i, { card_id: 'busy', merchant_id: 'm' }));
    const warm = async (): Promise<string[]> => {
      const outcomes = [];
      for (let at = 0; at < busy.length; at += 50)
        outcomes.push(...(await warmer.take(busy.slice(at, at + 50))));
      return outcomes.map(String);
    };
    expect(new Set(await warm())).toEqual(new Set(['new']));
    const log = await events(store, 'busy');
    const again = await warm();
    expect(again.filter((outcome) => outcome === 'known')).toHaveLength(log.length);
    expect(again.filter((outcome) => outcome === 'left_out')).toHaveLength(400 - log.length);
    expect(await counted(store, 'm')).toMatchObject({ n: 400 });
    expect(await events(store, 'busy')).toEqual(log);
  });

  it('refuses an event of the future, which would hide the present from counters', async () => {
    const outcomes = await warmerOn(embedded()).take([
      row(1, { occurred_at: new Date(Date.now() + 60_000).toISOString() }),
    ]);
    expect(outcomes).toEqual([{ refused: 'invalid_transaction' }]);
  });

  it('does not count an amount in an unknown currency, as a decision would not', async () => {
    const store = embedded();
    await warmerOn(store).take([row(0, { currency: 'XXX' }), row(2)]);
    expect(await counted(store, 'merchant-0')).toEqual({ n: 1, sum: 102 });
    expect(await events(store, 'card-0')).toHaveLength(1);
  });

  it('notes a fraud once, and none of a row that is not valid', async () => {
    const warmer = warmerOn(embedded());
    await warmer.take([row(1)]);
    expect(await warmer.know(row(1))).toBe(true);
    expect(await warmer.know(row(1))).toBe(false);
    expect(await warmer.know({ ...row(2), amount: 'much' })).toBe(false);
  });

  it('gives a store up that stays away', async () => {
    vi.useFakeTimers();
    try {
      const away = Array.from({ length: 1000 }, () => 'before' as const);
      const failure = warmerOn(failing(embedded(), away))
        .take([row(1)])
        .catch((cause: unknown) => cause);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await failure).toBeInstanceOf(FeatureStoreUnavailable);
    } finally {
      vi.useRealTimers();
    }
  });
});
