import type { Connection, Outcome } from './connection.js';
import { Histogram } from './histogram.js';
import type { Latency, LoadResult, LoadRun } from './protocol.js';

/** What happened to the requests of one run. */
export class Tally {
  readonly sentLate = new Histogram();
  readonly #latencies = new Histogram();
  readonly #answered = new Histogram();
  readonly #goodWithinMs: number;
  readonly #failures: Record<string, number> = {};
  readonly #wholeAnswer: string | null;
  readonly #start: number;
  #done = 0;
  #degraded = 0;
  #good = 0;
  #last: number;

  /** @param start when the first request is due, milliseconds of `performance.now()` */
  constructor(start: number, { wholeAnswer, goodWithinMs = Infinity }: LoadRun) {
    this.#start = start;
    this.#goodWithinMs = goodWithinMs;
    this.#last = start;
    this.#wholeAnswer = wholeAnswer;
  }

  get done(): number {
    return this.#done;
  }

  settle(connection: Connection, outcome: Outcome, body: Buffer | null): number {
    const now = performance.now();
    this.#done += 1;
    this.#last = now;
    const took = now - connection.due;
    this.#latencies.record(took);
    if (outcome !== 200) {
      this.fail(outcome === 'closed' || outcome === 'broken' ? `connection ${outcome}` : `${outcome}`);
      return now;
    }
    this.#answered.record(took);
    if (this.#wholeAnswer !== null && body?.includes(this.#wholeAnswer, 0, 'latin1') !== true)
      this.#degraded += 1;
    else if (took <= this.#goodWithinMs) this.#good += 1;
    return now;
  }

  fail(reason: string, count = 1): void {
    this.#failures[reason] = (this.#failures[reason] ?? 0) + count;
  }

  result(): LoadResult {
    return {
      requests: this.#done,
      seconds: (this.#last - this.#start) / 1000,
      latency: summary(this.#latencies),
      answered: summary(this.#answered),
      good: this.#good,
      failures: this.#failures,
      degraded: this.#degraded,
      sentLateP99: this.sentLate.count === 0 ? null : this.sentLate.percentile(0.99),
    };
  }
}

const summary = (histogram: Histogram): Latency => ({
  p50: histogram.percentile(0.5),
  p99: histogram.percentile(0.99),
  p999: histogram.percentile(0.999),
  max: histogram.max,
});

/** How long after its planned end a run waits for missing answers before it counts them as failures. */
export const GRACE_MS = 15_000;
