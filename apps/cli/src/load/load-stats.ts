import { OUTCOMES } from '@fraud/contract';
import type { LabelledTransaction } from '@fraud/traffic';
import { Latency } from '../quality/latency.js';
import { OutcomeTally } from '../quality/outcome-tally.js';
import { millis, whole } from '../report/table.js';
import type { Answer } from './decision-client.js';

/** What a load run has seen so far. */
export class LoadStats {
  readonly tally = new OutcomeTally();
  readonly latency = new Latency();
  readonly errors = new Map<string, number>();
  /** Decisions that the server had stored from an earlier run. */
  repeats = 0;
  private readonly lately = new Latency();
  private answered = 0;
  private answeredBefore = 0;
  private readonly start = performance.now();
  private since = this.start;
  /** From the start to the last answer. */
  lastAnswerMs = NaN;

  /** @param toReference converts minor units of a currency to those of the reference currency */
  constructor(private readonly toReference: (amount: number, currency: string) => number) {}

  add({ transaction, label }: LabelledTransaction, answer: Answer, latencyMs: number): void {
    if (answer.kind === 'decided' || answer.unanswered !== true) this.record(latencyMs);
    if (answer.kind === 'failed') {
      this.errors.set(answer.code, (this.errors.get(answer.code) ?? 0) + 1);
      return;
    }
    if (answer.replayed) this.repeats++;
    this.tally.add(answer.decision, label, this.toReference(transaction.amount, transaction.currency));
  }

  get failed(): number {
    return [...this.errors.values()].reduce((a, b) => a + b, 0);
  }

  private record(latencyMs: number): void {
    this.answered++;
    this.lastAnswerMs = performance.now() - this.start;
    this.latency.record(latencyMs);
    this.lately.record(latencyMs);
  }

  /** The last second (or whatever passed since the last call) in one line. @param status of the target, with two spaces before it */
  line(status = ''): string {
    const now = performance.now();
    const perSecond = ((this.answered - this.answeredBefore) * 1000) / (now - this.since);
    const outcomes = OUTCOMES.map((o) => `${o} ${whole(this.tally.all[o].count)}`).join('  ');
    const text = `${whole(perSecond)}/s  p50 ${millis(this.lately.percentile(50))}  p99 ${millis(
      this.lately.percentile(99),
    )}${status}  |  ${outcomes}  |  errors ${whole(this.failed)}`;
    this.answeredBefore = this.answered;
    this.since = now;
    this.lately.reset();
    return text;
  }
}
