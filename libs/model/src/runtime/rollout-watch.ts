import { rolloutName, type ControlStore, type Rollout } from '@fraud/platform';
import type { Agreement } from './agreement.js';
import { rolloutStopped, type StoppedRollout } from './desired.js';
import { RolloutTally } from './serving.js';

const MINUTE_MS = 60_000;

/** What a rollout did within the window, over all instances. */
export interface RolloutCounts {
  readonly decisions: number;
  /** Rows that were its to decide, and got no usable score from it. */
  readonly errors: number;
  readonly declines: number;
}

/** When a rollout must end. */
export interface RolloutGuard {
  readonly windowMinutes: number;
  /** Why it must; null where it may go on. */
  verdict(counts: RolloutCounts): string | null;
}

/** Counts what a rollout does, over all instances, and ends it for all of them when it leaves its bounds. */
export class RolloutWatch {
  readonly tally = new RolloutTally();
  private counted: RolloutCounts = { decisions: 0, errors: 0, declines: 0 };

  constructor(
    private readonly control: ControlStore,
    private readonly agreement: Agreement,
    private readonly guard: RolloutGuard,
  ) {}

  /** As of the last look. */
  get counts(): RolloutCounts {
    return this.counted;
  }

  /**
   * @returns what this instance has ended; null where it goes on, or another instance was first
   * @throws ModelChangeRefused, ControlUnavailable
   */
  async look(rollout: Rollout): Promise<StoppedRollout | null> {
    const name = rolloutName(rollout);
    await this.count(name);
    const reason = this.guard.verdict(this.counted);
    if (reason === null) return null;
    const stopped = { rollout: name, reason, at: new Date().toISOString() };
    return (await this.agreement.change(() => rolloutStopped(stopped), 'rollout guard')) ? stopped : null;
  }

  private async count(name: string): Promise<void> {
    const taken = this.tally.take();
    const span = {
      at: Math.floor(Date.now() / MINUTE_MS),
      periods: this.guard.windowMinutes,
      periodMs: MINUTE_MS,
    };
    try {
      const sums = await this.control.count(`rollout:${name}`, span, taken);
      const { decisions = 0, errors = 0, declines = 0 } = sums;
      this.counted = { decisions, errors, declines };
    } catch (cause) {
      // Counted with the next look.
      this.tally.add(taken.decisions, taken.errors, taken.declines);
      throw cause;
    }
  }
}
