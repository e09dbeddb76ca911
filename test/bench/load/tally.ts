import type { Connection, Outcome } from './connection.js';
import { Histogram } from './histogram.js';
import type { LoadResult } from './protocol.js';

/** What happened to the requests of one run. */
export class Tally {
  readonly sentLate = new Histogram();
  readonly #latencies = new Histogram();
  readonly #failures: Record<string, number> = {};
  readonly #wholeAnswer: string | null;
  readonly #start: number;
  #done = 0;
  #degraded = 0;
  #last: number;

  /** @param start when the first request is due, milliseconds of `performance.now()` */
  constructor(start: number, wholeAnswer: string | null) {
    this.#start = start;
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
    this.#latencies.record(now - connection.due);
    if (outcome !== 200)
      this.fail(outcome === 'closed' || outcome === 'broken' ? `connection ${outcome}` : `${outcome}`);
    else if (this.#wholeAnswer !== null && body?.includes(this.#wholeAnswer, 0, 'latin1') !== true)
      this.#degraded += 1;
    return now;
  }

  fail(reason: string, count = 1): void {
    this.#failures[reason] = (this.#failures[reason] ?? 0) + count;
  }

  result(): LoadResult {
    return {
      requests: this.#done,
      seconds: (this.#last - this.#start) / 1000,
      latency: {
        p50: this.#latencies.percentile(0.5),
        p99: this.#latencies.percentile(0.99),
        p999: this.#latencies.percentile(0.999),
        max: this.#latencies.max,
      },
      failures: this.#failures,
      degraded: this.#degraded,
      sentLateP99: this.sentLate.count === 0 ? null : this.sentLate.percentile(0.99),
    };
  }
}

/** How long after its planned end a run waits for missing answers before it counts them as failures. */
export const GRACE_MS = 15_000;
