import type { Cluster } from '@fraud/platform';
import { bytes } from '../redis-turn.js';
import type { CounterUpdate } from '../store.js';
import { isRefused, run } from './commands.js';
import { encodeChanges, RingChanges, type RingChange } from './ring-changes.js';
import { RING_SCRIPT } from './scripts.js';

/** The rings of merchants and terminals in a cluster: who changes one owes it that, until its node has answered. */
export class Rings {
  private readonly changes: RingChanges;

  /** @param lost told how many changes will never be made, because nobody knows whether they were */
  constructor(lost: (changes: number) => void) {
    this.changes = new RingChanges(lost);
  }

  /** One more transaction, at its merchant and its terminal. @param id tells it from all others */
  count(id: string, counter: CounterUpdate): void {
    const { timeMs, amount } = counter;
    this.changes.add(counter, { id, timeMs, amount, transactions: 1, frauds: 0 });
  }

  /** What became known of one. */
  know(
    id: string,
    known: { merchantId: string; terminalId: string | null; timeMs: number; fraud: boolean },
  ): void {
    const { timeMs, fraud } = known;
    this.changes.add(known, { id, timeMs, amount: 0, transactions: 0, frauds: fraud ? 1 : -1 });
  }

  /** Makes the changes that are owed, ring by ring; each gives the ring as it is then. What fails is owed again. */
  change(cluster: Cluster): ReadonlyMap<string, Promise<Buffer | null>> {
    const sent = new Map<string, Promise<Buffer | null>>();
    for (const [ring, changes] of this.changes.take()) sent.set(ring, this.changeOne(cluster, ring, changes));
    return sent;
  }

  private async changeOne(
    cluster: Cluster,
    ring: string,
    changes: readonly RingChange[],
  ): Promise<Buffer | null> {
    const { keys, bytes: encoded } = encodeChanges(ring, changes);
    try {
      return bytes(await run(cluster, RING_SCRIPT, keys, encoded));
    } catch (cause) {
      this.changes.putBack(changes, isRefused(cause));
      throw cause;
    }
  }
}
