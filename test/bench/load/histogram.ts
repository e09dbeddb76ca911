/** Sub-buckets of an octave: a bucket is at most 1/128 of its value wide, so its middle is within 0.4 %. */
const SUB_BITS = 7;
const SUB_BUCKETS = 1 << SUB_BITS;
/** Ticks per millisecond: values below 12.8 µs are counted in single ticks of 0.1 µs. */
const TICKS_PER_MS = 10_000;
const MAX_TICKS = 2 ** 31 - 1;

/** Counts durations in fixed logarithmic buckets up to 214 seconds; recording allocates nothing. */
export class Histogram {
  readonly #counts = new Float64Array((32 - SUB_BITS + 1) * SUB_BUCKETS);
  #total = 0;
  #max = 0;

  /** @param ms duration in milliseconds; below zero counts as zero */
  record(ms: number): void {
    if (ms > this.#max) this.#max = ms;
    this.#counts[bucketOf(Math.min(Math.max(Math.round(ms * TICKS_PER_MS), 0), MAX_TICKS))]! += 1;
    this.#total += 1;
  }

  get count(): number {
    return this.#total;
  }

  /** The largest recorded duration, exact, in milliseconds. */
  get max(): number {
    return this.#max;
  }

  /**
   * The smallest duration that at least `share` of the recorded ones do not exceed (nearest rank),
   * in milliseconds, within 0.4 % or 0.1 µs; NaN when nothing was recorded.
   */
  percentile(share: number): number {
    if (this.#total === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= rank) return Math.min(middleOf(bucket) / TICKS_PER_MS, this.#max);
    }
    return this.#max;
  }
}

function bucketOf(ticks: number): number {
  if (ticks < SUB_BUCKETS) return ticks;
  const shift = 31 - Math.clz32(ticks) - SUB_BITS;
  // `ticks >>> shift` lies in 128–255, so the octaves follow each other without a gap.
  return (shift << SUB_BITS) + (ticks >>> shift);
}

function middleOf(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket;
  const shift = (bucket >>> SUB_BITS) - 1;
  const low = (bucket - (shift << SUB_BITS)) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}
