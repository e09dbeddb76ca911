/** What is seen of a topic every two seconds. */
export interface Sight {
  /** Messages behind what is committed, of all assigned partitions. */
  readonly behind: number;
  /** Whether this process is a member of the group. */
  readonly member: boolean;
  /** Whether it waits for something that is away: a restart would not bring it back. */
  readonly waits: boolean;
}

/**
 * Whether the work on a topic moves. It stands still where nothing is committed for long though messages wait, nothing is waited for and the brokers
 * answer; or where the process is no member of the group for as long. Brokers that are away are no reason to restart a process.
 */
export class ProgressWatch {
  private movedAt: number;

  /** @param stallMs how long nothing may move */
  constructor(
    private readonly stallMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.movedAt = now();
  }

  /** Something was committed. */
  moved(): void {
    this.movedAt = this.now();
  }

  /** @param sight null: the brokers do not answer */
  seen(sight: Sight | null): void {
    if (sight === null || (sight.member && (sight.behind === 0 || sight.waits))) this.moved();
  }

  /** Null: it moves, or has nothing to do. Else for how long it does not, s. */
  get stalledS(): number | null {
    const ms = this.now() - this.movedAt;
    return ms > this.stallMs ? Math.floor(ms / 1000) : null;
  }
}
