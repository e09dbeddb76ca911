import { setTimeout as sleep } from 'node:timers/promises';
import { parseTransaction, type ParsedTransaction } from '@fraud/contract';
import { FeatureStoreUnavailable, Pseudonyms, type FeatureStore } from '@fraud/features';
import { describe, expect, it } from 'vitest';
import { CommitQueue } from './commit-queue.js';
import type { ScoringContext } from './context.js';
import { Turns } from './turns.js';
import { Pace } from './pace.js';
import { NO_RULES } from './rules/rules-file.js';
import { VersionsOf } from './versions-of.js';

/** A store with a will of its own; notes every exchange. */
function turnsOn(exchange: (reads: number, timeoutMs: number) => Promise<void>): Turns {
  const store: FeatureStore = {
    kind: 'test',
    exchange: async (reads, commits, timeoutMs) => {
      await exchange(reads.length, timeoutMs);
      const none = Buffer.alloc(0);
      const rings = { merchantRing: null, terminalRing: null };
      const state = { stored: null, repeated: false, cardLog: none, deviceLog: none, ipLog: none, ...rings };
      return { states: reads.map(() => state), stored: commits.map(() => true) };
    },
    look: () => Promise.resolve([]),
    decisions: (ids) => Promise.resolve(ids.map(() => null)),
    label: () => Promise.resolve(true),
    forget: () => Promise.resolve(),
    ping: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
  const thresholds = { step_up: 0.3, review: 0.7, decline: 0.9 };
  const context: ScoringContext = {
    store,
    commits: new CommitQueue(store, () => undefined),
    models: null,
    shadow: null,
    drift: null,
    log: null,
    fx: { version: '', convert: (amount) => amount },
    pseudonyms: new Pseudonyms('key'),
    policy: { thresholds, degraded_thresholds: thresholds, fail_action: 'review' },
    rules: NO_RULES,
    breakers: { store: null, records: null },
    behind: null,
    pace: new Pace(),
    safeModes: { declines: false, unscored: false },
    whenFull: 'answer',
    versions: new VersionsOf('', ''),
    observer: {
      turn: () => undefined,
      decided: () => undefined,
      failed: () => undefined,
      shadowed: () => undefined,
    },
    storeTimeoutMs: 1000,
    waitsForStore: false,
    budgetMs: 1000,
  };
  return new Turns(context);
}

function transactions(n: number): ParsedTransaction[] {
  return Array.from({ length: n }, (_, i) => {
    const parsed = parseTransaction({
      transaction_id: `tx-${i}`,
      occurred_at: '2026-01-05T00:00:00Z',
      amount: 1,
      currency: 'EUR',
      card_id: `card-${i}`,
      merchant_id: 'merchant',
    });
    if (!parsed.ok) throw new Error('the example is valid');
    return parsed;
  });
}

describe('Turns', () => {
  it('lets the rows of a long batch not use up each other’s budget', async () => {
    const timeouts: number[] = [];
    const turns = turnsOn(async (reads, timeoutMs) => {
      if (reads > 0) timeouts.push(timeoutMs);
      await sleep(100);
    });
    const results = await turns.submitAll(transactions(500));
    expect(results).toHaveLength(500);
    expect(timeouts).toHaveLength(4);
    // Had the fourth slice waited for the three before it, it would have 700 ms left at most.
    expect(Math.min(...timeouts)).toBeGreaterThan(750);
    await turns.drain();
  });

  it('joins what arrives together into one turn', async () => {
    const reads: number[] = [];
    const turns = turnsOn((n) => {
      if (n > 0) reads.push(n);
      return Promise.resolve();
    });
    await Promise.all(transactions(20).map((parsed) => turns.submit(parsed)));
    expect(reads).toEqual([20]);
    await turns.drain();
  });

  it('decides what comes again while it is under way once, also where the store fails meanwhile', async () => {
    const reads: number[] = [];
    const turns = turnsOn(async (n) => {
      if (n > 0) reads.push(n);
      await sleep(30);
      throw new FeatureStoreUnavailable('away');
    });
    const [one] = transactions(1);
    const first = turns.submit(one!);
    await sleep(5);
    const again = Array.from({ length: 99 }, () => turns.submit(one!));
    const results = await Promise.all([first, ...again]);
    const decisions = results.map((result) => (result.kind === 'decided' ? result.decision : null));
    expect(new Set(decisions).size).toBe(1);
    expect(results.filter((result) => result.kind === 'decided' && !result.replayed)).toEqual([results[0]]);
    expect(reads).toEqual([1]);
    await turns.drain();
  });

  it('decides what comes again with other content, or in more of a hurry, by itself', async () => {
    const reads: number[] = [];
    const turns = turnsOn(async (n) => {
      if (n > 0) reads.push(n);
      await sleep(20);
    });
    const [one] = transactions(1);
    const first = turns.submit(one!);
    await sleep(5);
    const other = { ...one!, transaction: { ...one!.transaction, amount: 2 } };
    await Promise.all([first, turns.submit(other), turns.submit(one!, undefined, 100)]);
    expect(reads).toEqual([1, 1, 1]);
    await turns.drain();
  });

  it('tries a store that is away again, but does not storm it, however much traffic came meanwhile', async () => {
    let alone = 0;
    const turns = turnsOn((reads) => {
      if (reads === 0) alone++;
      return Promise.reject(new FeatureStoreUnavailable('away'));
    });
    for (const parsed of transactions(20)) {
      await turns.submit(parsed);
      await sleep(10);
    }
    alone = 0;
    await sleep(1100);
    expect(alone).toBeGreaterThanOrEqual(1);
    expect(alone).toBeLessThanOrEqual(6);
    await turns.drain();
  });
});
