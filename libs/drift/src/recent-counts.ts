/** How far back a drift reading looks. */
export const WINDOWS = { '1h': 3_600_000, '24h': 86_400_000 } as const;
export type Window = keyof typeof WINDOWS;

const PERIOD_MS = 300_000;
const PERIODS = WINDOWS['24h'] / PERIOD_MS;

/** Counts of the last day by periods of five minutes, and of all time. A window ends now, and begins within the period that it reaches. */
export class RecentCounts {
  /** Of the period that runs: add here, after `at`. */
  current: Uint32Array;
  /** Counts of periods that are over, and the number of each, oldest first. */
  private readonly periods: { readonly number: number; readonly counts: Uint32Array }[] = [];
  private readonly before: Float64Array;
  private number = -1;

  constructor(private readonly empty: () => Uint32Array) {
    this.current = empty();
    this.before = new Float64Array(this.current.length);
  }

  /** It is now so late: what is added from here on belongs to the period of then. */
  at(nowMs: number): void {
    const number = Math.floor(nowMs / PERIOD_MS);
    // A clock that was set back goes on in the period that it was in.
    if (number <= this.number) return;
    if (this.number >= 0) {
      this.periods.push({ number: this.number, counts: this.current });
      for (let i = 0; i < this.before.length; i++) this.before[i]! += this.current[i]!;
      this.current = this.empty();
    }
    this.number = number;
    while (this.periods.length > 0 && this.periods[0]!.number < number - PERIODS) this.periods.shift();
  }

  /** Counts of a window that ends now. */
  of(window: Window, nowMs: number): Float64Array {
    this.at(nowMs);
    const first = Math.floor((nowMs - WINDOWS[window]) / PERIOD_MS);
    const sum = Float64Array.from(this.current);
    for (const { number, counts } of this.periods) {
      if (number < first) continue;
      for (let i = 0; i < sum.length; i++) sum[i]! += counts[i]!;
    }
    return sum;
  }

  /** Counts since the beginning. */
  get total(): Float64Array {
    const sum = Float64Array.from(this.before);
    for (let i = 0; i < sum.length; i++) sum[i]! += this.current[i]!;
    return sum;
  }
}
