import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaBench } from './kafka.js';

const EVERY_MS = 100;

/** Watches how a group gets on while traffic never ends: for how long a partition stood still at most. */
export class GroupProgress {
  private readonly movedAt: number[] = [];
  private offsets: readonly number[] = [];
  private longestMs = 0;
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(private readonly bench: KafkaBench) {
    this.loop = this.run();
  }

  /** Longest time in which a partition was not moved, s. */
  async stop(): Promise<number> {
    this.stopped = true;
    await this.loop;
    return this.longestMs / 1000;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await sleep(EVERY_MS);
      // Brokers that are away do not stop the clock.
      const offsets = await this.bench.committed().catch(() => []);
      this.note(offsets.length > 0 ? offsets : this.offsets);
    }
  }

  private note(offsets: readonly number[]): void {
    const now = performance.now();
    offsets.forEach((offset, partition) => {
      const since = this.movedAt[partition];
      if (since !== undefined) this.longestMs = Math.max(this.longestMs, now - since);
      // It counts from its first commit on: what comes before is the start.
      if (offset > (this.offsets[partition] ?? -1) && offset >= 0) this.movedAt[partition] = now;
    });
    this.offsets = offsets;
  }
}
