/** Measures how long nothing has moved. */
export class Patience {
  private since: number;

  /** @param ms how long is long enough */
  constructor(
    private ms: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.since = now();
  }

  moved(): void {
    this.since = this.now();
  }

  /** Less is enough from now on. */
  shorten(ms: number): void {
    this.ms = Math.min(this.ms, ms);
  }

  get lapsed(): boolean {
    return this.now() - this.since >= this.ms;
  }
}
