import { FeatureStoreUnavailable, type FeatureStore } from '@fraud/features';
import { expect, it } from 'vitest';
import { CommitQueue, type QueuedCommit } from './commit-queue.js';
import type { ScoringContext } from './context.js';
import { Settlement } from './settlement.js';
import { Turns } from './turns.js';

/** As ioredis without a connection: it fails before any timer or socket could. */
const AWAY = {
  exchange: () => Promise.reject(new FeatureStoreUnavailable('away')),
} as unknown as FeatureStore;

const aCommit = (transactionId: string, observer?: Settlement): QueuedCommit => ({
  transactionId,
  value: Buffer.alloc(0),
  counter: null,
  decidedAtMs: 0,
  observer,
});

function queueOf(store: FeatureStore, before: number): { queue: CommitQueue; settlement: Settlement } {
  const queue = new CommitQueue(store, () => undefined);
  for (let i = 0; i < before; i++) queue.add(aCommit(`before-${i}`));
  return { queue, settlement: new Settlement() };
}

it('who waits for a store that is away is told, also behind more than goes with one exchange, and it is all tried further', async () => {
  const { queue, settlement } = queueOf(AWAY, 2000);
  for (const id of ['a', 'b']) {
    settlement.expect();
    queue.add(aCommit(id, settlement));
  }
  expect(await queue.flush()).toBe(false);
  expect([settlement.open, [...settlement.failed]]).toEqual([false, ['a', 'b']]);
  expect(queue.size).toBe(2002);
  expect(queue.take()[0]?.transactionId).toBe('before-0');
});

it('waiting for what is under way elsewhere leaves the event loop free while the store is away', async () => {
  const { queue, settlement } = queueOf(AWAY, 1);
  // Rides with a turn, whose end comes by the event loop.
  settlement.expect();
  const context = { commits: queue } as unknown as ScoringContext;
  setTimeout(() => {
    settlement.settled('a', 'stored');
  }, 5);
  await new Turns(context).settle(settlement);
  expect(settlement.open).toBe(false);
  expect(queue.size).toBe(1);
});
