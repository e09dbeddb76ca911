/** Length of an event, and how long a log gets before it is cut. */
export interface LogShape {
  readonly eventBytes: number;
  /** Events that are kept, beside the one that is appended, when a log is cut. */
  readonly cap: number;
  /** So many more make it be cut. */
  readonly slack: number;
}

const FIRST_EVENTS = 4;

/** A log in memory that grows by doubling. What it gave out before stays as it was. */
export class GrowingLog {
  private buffer: Buffer;
  private used: number;

  constructor(first: Buffer) {
    this.buffer = Buffer.allocUnsafeSlow(FIRST_EVENTS * first.length);
    this.used = first.copy(this.buffer);
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.used);
  }

  /** Appends an event; returns the log as it is before it. */
  append(event: Buffer, { eventBytes, cap, slack }: LogShape): Buffer {
    if (this.used >= (cap + slack) * eventBytes) {
      // Into a new buffer: rows that were answered before still look at the old one.
      const kept = this.buffer.subarray(this.used - cap * eventBytes, this.used);
      this.buffer = Buffer.allocUnsafeSlow((cap + slack) * eventBytes);
      this.used = kept.copy(this.buffer);
    } else if (this.used === this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(this.used * 2);
      this.buffer.copy(grown);
      this.buffer = grown;
    }
    const before = this.bytes;
    this.used += event.copy(this.buffer, this.used);
    return before;
  }
}
