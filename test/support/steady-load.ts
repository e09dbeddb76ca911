import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { aTransaction } from './transactions.js';

const EVERY_MS = 10;

/** Sends transactions at a rate until its server is gone, and keeps every answer that came, as it came. */
export class SteadyLoad {
  /** Decision id → the text of the answer. */
  readonly answers = new Map<string, string>();
  private readonly pool: Pool;
  private stopped = false;
  private sent = 0;

  constructor(
    url: string,
    private readonly perSecond: number,
  ) {
    this.pool = new Pool(url, { connections: 40, pipelining: 1 });
  }

  /** Resolves when it was stopped, or nothing is answered any more. */
  async run(): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const startedAt = performance.now();
    while (!this.stopped) {
      const due = ((performance.now() - startedAt) / 1000) * this.perSecond;
      while (this.sent < due && !this.stopped) {
        const one = this.one();
        underWay.add(one);
        void one.finally(() => underWay.delete(one));
        this.sent += 1;
      }
      await sleep(EVERY_MS);
    }
    await this.pool.destroy();
    await Promise.all(underWay);
  }

  stop(): void {
    this.stopped = true;
  }

  private async one(): Promise<void> {
    const transaction = aTransaction({
      card_id: `card-${this.sent % 500}`,
      merchant_id: `merchant-${this.sent % 50}`,
    });
    try {
      const { statusCode, body } = await this.pool.request({
        path: '/v1/decisions',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(transaction),
      });
      const text = await body.text();
      if (statusCode === 200)
        this.answers.set((JSON.parse(text) as { decision_id: string }).decision_id, text);
    } catch {
      // The server was killed: nobody was answered.
    }
  }
}
