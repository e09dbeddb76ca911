import { parseTransaction, type ErrorCode, type ParsedTransaction } from '@fraud/contract';
import { FeatureStoreUnavailable, MemoryFeatureStore, Pseudonyms, type FeatureStore } from '@fraud/features';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CommitQueue } from '../commit-queue.js';
import type { ScoringContext } from '../context.js';
import { DecisionLog, type RecordSink } from '../decision-log.js';
import { HistoriesBehind } from '../histories-behind.js';
import { score } from '../pipeline.js';
import { replayContext } from '../strategy.js';
import { WaveThrough } from './wave-through.js';

const MOST_WAITING = 20_000;

let memory: MemoryFeatureStore;
let store: FeatureStore;
let lines: { readonly kind: string; readonly decision_ids?: string[] }[];
let failures: [ErrorCode, number][];
let away: boolean;
let behind: HistoriesBehind;
let full: boolean;

beforeEach(() => {
  memory = new MemoryFeatureStore({ decisionTtlMs: 3_600_000, maxCards: 100, maxMerchants: 100 });
  store = new Proxy(memory, {
    get: (target, name: keyof MemoryFeatureStore) => {
      if (name === 'exchange' && away) return () => Promise.reject(new FeatureStoreUnavailable('away'));
      const found = target[name] as unknown;
      return typeof found === 'function' ? (found as () => unknown).bind(target) : found;
    },
  });
  lines = [];
  failures = [];
  away = false;
  full = false;
});

function context(whenFull: 'answer' | 'refuse' = 'answer'): ScoringContext {
  const tables = {
    fx: { version: 'fx', convert: (amount: number) => amount },
    pseudonyms: new Pseudonyms('key'),
  };
  const base = replayContext(tables, store);
  const sink: RecordSink = {
    instance: 'test',
    get full() {
      return full;
    },
    append: (text) => {
      for (const line of text.trimEnd().split('\n')) lines.push(JSON.parse(line) as (typeof lines)[number]);
      return true;
    },
    store: { answers: (ids) => Promise.resolve(ids.map(() => null)) },
  };
  const without: ScoringContext = {
    ...base,
    commits: new CommitQueue(store, () => undefined),
    log: new DecisionLog(sink, 'http'),
    whenFull,
    observer: { ...base.observer, failed: (code, rows) => failures.push([code, rows]) },
  };
  behind = new HistoriesBehind(without, (...failure) => failures.push(failure));
  return { ...without, behind };
}

let serial = 0;
function aTransaction(card = 'card'): ParsedTransaction {
  const parsed = parseTransaction({
    transaction_id: `tx-${++serial}`,
    occurred_at: '2026-01-05T13:37:00Z',
    amount: 1000,
    currency: 'EUR',
    card_id: card,
    merchant_id: 'merchant',
  });
  if (!parsed.ok) throw new Error('the example is valid');
  return parsed;
}

/** Transactions of a card that features would see now, that one included. */
async function known(of: ScoringContext): Promise<number> {
  let count = NaN;
  await score([{ parsed: aTransaction(), arrivedAt: performance.now() }], of, ({ values }) => {
    count = values.filter((value) => value === 1).length;
  });
  return count;
}

describe('what is waved through', () => {
  it('is recorded before its answer, and answered while the store is away', async () => {
    away = true;
    const wave = new WaveThrough(context());
    const results = await Promise.all([wave.submit(aTransaction()), wave.submit(aTransaction())]);
    expect(results).toMatchObject([
      { kind: 'decided', replayed: false, decision: { decision: 'approve', source: 'bypass' } },
      { kind: 'decided', replayed: false, decision: { decision: 'approve', source: 'bypass' } },
    ]);
    expect(lines.map(({ kind }) => kind)).toEqual(['decision', 'decision']);
    expect(wave.counts).toEqual({ transactions: 2, amount: 2000 });
    expect(behind.depth).toBe(2);
    expect(failures).toEqual([]);
    await behind.close();
  });

  it('comes to the histories behind the answers, also where the store was away at first, and is noted then', async () => {
    const own = context();
    const before = await known(own);
    away = true;
    const wave = new WaveThrough(own);
    await Promise.all([1, 2, 3].map(() => wave.submit(aTransaction())));
    expect(behind.depth).toBe(3);
    away = false;
    await vi.waitFor(() => {
      expect(behind.depth).toBe(0);
    }, 5000);
    expect(lines.at(-1)!.kind).toBe('late');
    expect(lines.at(-1)!.decision_ids).toHaveLength(3);
    expect(await known(own)).not.toBe(before);
    await behind.close();
  });

  it('goes out unrecorded where there is no room, and says so, also where the policy would refuse', async () => {
    full = true;
    const wave = new WaveThrough(context('refuse'));
    expect(await wave.submit(aTransaction())).toMatchObject({
      decision: { decision: 'approve', degraded: ['bypassed', 'records_unavailable'] },
    });
    expect(failures).toEqual([['decision_unrecorded', 1]]);
    await behind.close();
  });

  it('is left out of the histories, and counted, where more waits for the store than may', async () => {
    away = true;
    const wave = new WaveThrough({ ...context(), log: null });
    await Promise.all(Array.from({ length: MOST_WAITING + 30 }, () => wave.submit(aTransaction())));
    // What is being tried just now is waiting, too.
    await vi.waitFor(() => {
      expect(behind.depth).toBe(MOST_WAITING);
    });
    expect(failures.reduce((sum, [code, rows]) => sum + (code === 'history_incomplete' ? rows : 0), 0)).toBe(
      30,
    );
    await behind.close();
    expect(failures.at(-1)).toEqual(['history_incomplete', MOST_WAITING]);
  }, 30_000);
});
