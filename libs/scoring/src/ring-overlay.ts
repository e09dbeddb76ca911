import { addToRing, copyRing } from '@fraud/features';

interface Touched {
  /** The ring with the additions of earlier rows, but for a pending one. */
  ring: Buffer | null;
  /** Whether `ring` is our own copy. */
  owned: boolean;
  timeMs: number;
  amount: number;
  /** Whether the last addition is still to be made. */
  pending: boolean;
}

/**
 * The merchants, or the terminals, of one turn: each row sees what the rows before it add to the counters, although their
 * commits are still to come. A ring is copied only when its owner comes again in the same turn.
 */
export class RingOverlay {
  private readonly touched = new Map<string, Touched>();

  /**
   * The ring as the next row sees it.
   * @param read the ring as it was read for that row
   */
  ringOf(id: string, read: Buffer | null): Buffer | null {
    const entry = this.touched.get(id);
    if (entry === undefined) return read;
    if (entry.pending) {
      if (!entry.owned) entry.ring = copyRing(entry.ring);
      entry.owned = true;
      addToRing(entry.ring!, entry.timeMs, entry.amount);
      entry.pending = false;
    }
    return entry.ring;
  }

  /**
   * Notes a row's effect for the rows after it.
   * @param ring what `ringOf` gave for this row
   */
  add(id: string, ring: Buffer | null, timeMs: number, amount: number): void {
    const owned = this.touched.get(id)?.owned ?? false;
    this.touched.set(id, { ring, owned, timeMs, amount, pending: true });
  }
}
