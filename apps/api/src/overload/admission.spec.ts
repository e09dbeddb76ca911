import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.js';

const TIME_MS = 12;

/** A server that takes so many at a time from a queue; requests come at a rate, in milliseconds of a clock of its own. */
class Server {
  readonly admission: Admission;
  readonly waits: number[] = [];
  served = 0;
  private readonly queue: number[] = [];
  private nowMs = 0;
  private owed = 0;

  constructor(private readonly perMs: number) {
    const { queue } = this;
    this.admission = new Admission({
      timeMs: TIME_MS,
      eachMs: 1 / perMs,
      get underWay() {
        return queue.length;
      },
    });
  }

  run(ms: number, arrivalsPerMs: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end; this.nowMs++) {
      for (this.owed += arrivalsPerMs; this.owed >= 1; this.owed--)
        if (this.admission.admits(this.nowMs)) this.queue.push(this.nowMs);
      for (let n = 0; n < this.perMs && this.queue.length > 0; n++) {
        this.waits.push(this.nowMs - this.queue.shift()! + 1);
        this.served += 1;
      }
    }
  }
}

describe('admission', () => {
  it('refuses a burst that is many times what can be decided', () => {
    const work = { timeMs: TIME_MS, eachMs: 0.1, underWay: 0 };
    const admission = new Admission(work);
    for (let i = 0; i < 1000; i++) if (admission.admits(0)) work.underWay += 1;
    expect(work.underWay).toBe(960);
    expect(admission.refused).toBe(40);
  });

  it('refuses nothing while what comes can be served, bursts included', () => {
    const server = new Server(10);
    for (let i = 0; i < 50; i++) {
      server.run(90, 5);
      server.run(10, 40);
    }
    expect(server.admission.refused).toBe(0);
  });

  it('keeps what it lets in within its time at any overload, and serves as much as can be', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 40 }),
        fc.double({ min: 1.3, max: 5, noNaN: true }),
        (perMs, times) => {
          const server = new Server(perMs);
          // It takes a moment until what comes is no burst any more, and the burst is served.
          server.run(500, perMs * times);
          const before = server.served;
          server.run(3000, perMs * times);
          expect(Math.max(...server.waits.slice(before))).toBeLessThanOrEqual(TIME_MS + 1);
          expect((server.served - before) / 3000).toBeGreaterThan(0.99 * perMs);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses nothing any more as soon as an overload is over', () => {
    const server = new Server(10);
    server.run(2000, 30);
    server.run(100, 5);
    const { refused } = server.admission;
    server.run(5000, 9);
    expect(server.admission.refused).toBe(refused);
  });
});
