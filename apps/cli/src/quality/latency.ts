import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Latencies in constant memory, to three digits. */
export class Latency {
  // Microseconds: the histogram holds integers.
  private readonly histogram: RecordableHistogram = createHistogram({ figures: 3 });

  get count(): number {
    return this.histogram.count;
  }

  /** @param milliseconds as measured; below a microsecond counts as one */
  record(milliseconds: number): void {
    this.histogram.record(Math.max(1, Math.round(milliseconds * 1000)));
  }

  /**
   * The smallest recorded latency that at least this share of all does not exceed, in milliseconds; NaN without any.
   * @param percent 0 < percent <= 100
   */
  percentile(percent: number): number {
    const { count } = this;
    if (count === 0) return NaN;
    // The histogram rounds to the nearest rank, which may be the one below: ask for a whole rank.
    const rank = Math.max(1, Math.ceil((percent / 100) * count));
    return this.histogram.percentile((rank / count) * 100) / 1000;
  }

  /** Highest latency, milliseconds; NaN without any. */
  max(): number {
    return this.count === 0 ? NaN : this.histogram.max / 1000;
  }

  reset(): void {
    this.histogram.reset();
  }
}
