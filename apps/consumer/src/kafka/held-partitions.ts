import type { Missing } from './slice-answer.js';

/** Why no more is fetched from a partition: what was fetched is more than a slice, or something is away. */
export type HeldFor = 'busy' | Missing;

export const HELD_FOR: readonly HeldFor[] = ['busy', 'features_unavailable', 'records_unavailable'];

/** So long after it was put off, a slice is tried again. */
const AGAIN_MS = 500;

/**
 * Partitions that are paused, so that their messages wait at the broker and not in this process. What waits for something that is away is held,
 * as others see it, until a slice goes through again: each try in between is short.
 */
export class HeldPartitions {
  private readonly held = new Map<number, HeldFor>();
  private readonly timers = new Map<number, NodeJS.Timeout>();

  /** @param changed told of every partition that is held, or (null) no longer */
  constructor(private readonly changed: (partition: number, heldFor: HeldFor | null) => void) {}

  hold(partition: number, heldFor: HeldFor): void {
    if (this.held.get(partition) === heldFor) return;
    this.held.set(partition, heldFor);
    this.changed(partition, heldFor);
  }

  /** Holds a partition, and has it resumed after a pause. */
  holdFor(partition: number, missing: Missing, resume: () => void): void {
    this.hold(partition, missing);
    this.timers.set(partition, setTimeout(resume, AGAIN_MS));
  }

  release(partition: number): void {
    if (this.held.delete(partition)) this.changed(partition, null);
  }

  /** What is not among these is another member's. */
  keepOnly(partitions: readonly number[]): void {
    for (const partition of this.held.keys()) if (!partitions.includes(partition)) this.release(partition);
  }

  /** Nothing is held, and nothing resumed. */
  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.keepOnly([]);
  }
}
