import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Decision, Transaction } from '@fraud/contract';
import type { ProductProcess } from './product-process.js';
import { aTransaction, post, sample } from './transactions.js';
import { until } from './until.js';

/** One answer of a server under load. */
export interface Answer {
  readonly transaction: Transaction;
  readonly status: number;
  /** Of an answer with 200. */
  readonly decision: Decision;
  readonly sentAt: number;
  readonly ms: number;
}

/** So many good answers in a row are no accident. */
const IN_A_ROW = 10;
const EVERY_MS = 10;

/** Sends transactions of some cards and merchants at a constant rate, whether the server keeps up or not. */
export class Load {
  readonly answers: Answer[] = [];
  private readonly underWay = new Set<Promise<Answer>>();
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(private readonly server: ProductProcess) {
    this.loop = this.run();
  }

  /** Resolves when the newest answers are whole again; gives when the first of them was sent. */
  async whole(): Promise<number> {
    const from = performance.now();
    let first = Infinity;
    await until(() => {
      const recent = this.answers.filter(({ sentAt }) => sentAt >= from).slice(-IN_A_ROW);
      if (recent.length < IN_A_ROW || recent.some(isDegraded)) return false;
      first = Math.min(...recent.map(({ sentAt }) => sentAt));
      return true;
    }, 10);
    return first;
  }

  /** Resolves when answers are degraded. */
  async degraded(): Promise<void> {
    const from = performance.now();
    await until(() => this.answers.some((one) => one.sentAt >= from && isDegraded(one)), 10);
  }

  /** Stops sending, and resolves when everything is answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    await Promise.all(this.underWay);
  }

  private async run(): Promise<void> {
    for (let n = 0, next = performance.now(); !this.stopped; n++, next += EVERY_MS) {
      const sent = this.send(aTransaction({ card_id: `card-${n % 40}`, merchant_id: `merchant-${n % 7}` }));
      this.underWay.add(sent);
      void sent.finally(() => this.underWay.delete(sent));
      await sleep(Math.max(0, next - performance.now()));
    }
  }

  /** Sends one more. */
  async send(transaction: Transaction): Promise<Answer> {
    const sentAt = performance.now();
    const response = await post(`${this.server.url}/v1/decisions`, transaction);
    const decision = (await response.json()) as Decision;
    const ms = performance.now() - sentAt;
    const answer = { transaction, status: response.status, decision, sentAt, ms };
    this.answers.push(answer);
    return answer;
  }
}

export const isDegraded = ({ decision }: Answer): boolean => decision.degraded.length > 0;

/** Above what a Redis that is well takes on a machine that is busy with tests. */
export const LIMITS = { REDIS_TIMEOUT_MS: '100', LATENCY_BUDGET_MS: '150' };
/** The budget, and what the test's own client takes on a busy machine. */
const ANSWERED_WITHIN_MS = 150 + 850;
export const RECOVERY_MS = 5000;

export const metricsOf = async (api: ProductProcess): Promise<string> =>
  (await fetch(`${api.url}/metrics`)).text();
export const redisUp = async (api: ProductProcess): Promise<number | undefined> =>
  sample(await metricsOf(api), 'fraud_redis_up');

/** Whatever happened: every request is answered in time, and truthfully. */
export function expectTruth(load: Load): void {
  expect(load.answers.length).toBeGreaterThan(50);
  expect(load.answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(load.answers.filter(({ ms }) => ms > ANSWERED_WITHIN_MS)).toEqual([]);
  for (const answer of load.answers.filter(isDegraded)) {
    expect(answer.decision.degraded[0]).toBe('features_unavailable');
    // Where the store took all the time that there was.
    expect(['features_unavailable', 'deadline_exceeded']).toEqual(
      expect.arrayContaining(answer.decision.degraded),
    );
    expect(answer.decision.reasons[0]).toMatchObject({ code: 'features_unavailable' });
  }
}

export async function expectCleanEnd(api: ProductProcess): Promise<void> {
  expect((await api.stop()).code).toBe(0);
  expect(api.output()).not.toMatch(/unhandled|uncaught/i);
}
