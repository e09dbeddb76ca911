import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;

/** Asks for /health while a server is under load, as a load balancer does. */
export class HealthProbe {
  private readonly took: number[] = [];
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(port: number) {
    this.loop = this.run(`http://127.0.0.1:${port}/health`);
  }

  /** @returns the 99th percentile, ms */
  async stop(): Promise<number> {
    this.stopped = true;
    await this.loop;
    const sorted = this.took.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(0.99 * sorted.length))] ?? NaN;
  }

  private async run(url: string): Promise<void> {
    while (!this.stopped) {
      const began = performance.now();
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`/health answered ${answer.status}`);
      this.took.push(performance.now() - began);
      await sleep(EVERY_MS);
    }
  }
}
