import { parseTransaction } from '@fraud/contract';
import { MemoryFeatureStore, Pseudonyms, toCurrent, type CurrentTransaction } from '@fraud/features';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AnsweredWithout } from './answered-without.js';
import { wavedThrough } from './bypass/waved-through.js';
import { commitDecision } from './commit-decision.js';
import { CommitQueue } from './commit-queue.js';
import type { ScoringContext } from './context.js';
import { HistoriesBehind } from './histories-behind.js';
import { score } from './pipeline.js';
import { replayContext } from './strategy.js';
import { toReads } from './to-reads.js';

const FX = { version: 'fx', convert: (amount: number) => amount };

let context: ScoringContext;
let behind: HistoriesBehind;
let leftOut: number;

beforeEach(() => {
  const store = new MemoryFeatureStore({ decisionTtlMs: 3_600_000, maxCards: 100, maxMerchants: 100 });
  const base = replayContext({ fx: FX, pseudonyms: new Pseudonyms('key') }, store);
  context = { ...base, commits: new CommitQueue(store, () => undefined) };
  leftOut = 0;
  behind = new HistoriesBehind(context, (_, rows) => (leftOut += rows));
});

let serial = 0;
function aRow(): CurrentTransaction {
  const parsed = parseTransaction({
    transaction_id: `tx-${++serial}`,
    occurred_at: '2026-01-05T13:37:00Z',
    amount: 1000,
    currency: 'EUR',
    card_id: 'card',
    merchant_id: 'merchant',
  });
  if (!parsed.ok) throw new Error('the example is valid');
  return toCurrent(parsed, FX);
}

const answered = (row: CurrentTransaction): AnsweredWithout => ({
  row,
  decision: wavedThrough(row, context.versions.of(null), '2026-01-05T13:37:00.000Z', false),
  decidedAtMs: 0,
  sent: true,
});

const FIRST_DAY_SLOT = 24;
const SLOT_BYTES = 20;
const EVENT_BYTES = 32;

/** Events that counters and log have, by the state that the next transaction would read. */
async function known(): Promise<{ counted: number; logged: number }> {
  const [state] = await context.store.look(toReads([aRow()], context.pseudonyms), 1000);
  const ring = state!.merchantRing ?? Buffer.alloc(0);
  const slots = Math.floor(ring.length / SLOT_BYTES) - FIRST_DAY_SLOT;
  const counts = Array.from({ length: Math.max(0, slots) }, (_, i) =>
    ring.readUInt32LE((FIRST_DAY_SLOT + i) * SLOT_BYTES + 4),
  );
  const counted = counts.reduce((sum, count) => sum + count, 0);
  return { counted, logged: state!.cardLog.length / EVENT_BYTES };
}

describe('what was answered while an exchange was under way that is given up', () => {
  it('and was carried out after all, gets its decision and is counted, without a second exchange', async () => {
    const row = aRow();
    // The exchange, whose reply comes late.
    await score([{ parsed: row.parsed, arrivedAt: performance.now() }], {
      ...context,
      commits: new CommitQueue(context.store, () => undefined),
    });
    behind.addLate([answered(row)], Promise.resolve([true]));
    expect(behind.depth).toBe(1);
    await behind.drain();
    expect(await known()).toEqual({ counted: 1, logged: 1 });
    expect(behind.depth).toBe(0);
  });

  it('and was in its log before, from an attempt that was counted, is not counted again', async () => {
    const row = aRow();
    await score([{ parsed: row.parsed, arrivedAt: performance.now() }], context);
    await context.commits.flush();
    expect(await known()).toEqual({ counted: 1, logged: 1 });
    // An hour later its decision is forgotten, and its event is not.
    await context.store.forget('another card', [row.parsed.transaction.transaction_id], 1000);
    behind.addLate([answered(row)], Promise.resolve([false]));
    await behind.drain();
    await behind.close();
    expect(await known()).toEqual({ counted: 1, logged: 1 });
  });

  it('and of which nothing is known, comes to the histories and is counted once', async () => {
    const row = aRow();
    behind.addLate([answered(row)], Promise.reject(new Error('the connection was lost')));
    await behind.drain();
    expect(await known()).toEqual({ counted: 1, logged: 1 });
  });

  it('and of which nothing is known yet when the process ends, is counted as left out', async () => {
    behind.addLate([answered(aRow()), answered(aRow())], new Promise(() => undefined));
    await behind.close();
    expect(leftOut).toBe(2);
  });
});

it('more than a call can have arguments may come at once', async () => {
  const row = aRow();
  const many = Array.from({ length: 200_000 }, () => answered(row));
  behind.add(many);
  await behind.close();
  expect(leftOut).toBeGreaterThan(100_000);
});

it('a decision that is stored stays the stored one', async () => {
  const row = aRow();
  context.commits.add(commitDecision(row, answered(row).decision, false, 1, undefined));
  await context.commits.flush();
  behind.add([answered(row)]);
  await behind.drain();
  await context.commits.flush();
  expect(await known()).toEqual({ counted: 1, logged: 0 });
});
