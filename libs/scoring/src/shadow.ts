import type { Decision, Outcome } from '@fraud/contract';
import { VECTOR_LENGTH } from '@fraud/features';
import type { ServedModel } from '@fraud/model';
import { outcomeOf, type OutcomePolicy } from '@fraud/policy';
import { usableScore } from './usable-score.js';

/** Rows that may wait for the shadow; it falls behind rather than hold up answers. */
const MOST_WAITING = 2048;
/** Rows of one run, so that it holds the event loop well below a millisecond. */
const ROWS_PER_RUN = 32;

/** One transaction as the shadow would have decided it, beside what was answered. */
export interface ShadowComparison {
  readonly transactionId: string;
  readonly decidedAt: string;
  /** Of the model that decided. */
  readonly version: string;
  readonly answered: Outcome;
  /** Null where the answer had none. */
  readonly score: number | null;
  /** Of the shadow, as it was asked for. */
  readonly shadowVersion: string;
  readonly shadow: Outcome;
  readonly shadowScore: number;
}

/** What became of a shadow since it was loaded, in this process. */
export interface ShadowSummary {
  readonly version: string;
  readonly compared: number;
  readonly agreed: number;
  /** Rows that it gave no usable score. */
  readonly failed: number;
  /** Rows that were left out since too many waited. */
  readonly dropped: number;
  /** Mean of the differences, without their sign. */
  readonly mean_difference: number | null;
}

interface Waiting {
  readonly model: ServedModel;
  readonly values: Float32Array;
  readonly decisions: readonly Decision[];
  done: number;
}

/** Has another model score the same rows behind the answers, and compares. */
export class Shadow {
  private readonly waiting: Waiting[] = [];
  private rows = 0;
  private running: Promise<void> | null = null;
  private of: ServedModel | null = null;
  private counts = { compared: 0, agreed: 0, failed: 0, dropped: 0, differences: 0, differing: 0 };

  constructor(
    private policy: OutcomePolicy,
    private readonly compared: (comparison: ShadowComparison) => void,
    private readonly failed: (rows: number, cause: unknown) => void,
  ) {}

  /** From now on, judges by another policy. */
  use(policy: OutcomePolicy): void {
    this.policy = policy;
  }

  /** Null where there has been no shadow. */
  get summary(): ShadowSummary | null {
    if (this.of === null) return null;
    const { compared, agreed, failed, dropped, differences, differing } = this.counts;
    const mean = differing === 0 ? null : Number((differences / differing).toPrecision(6));
    return { version: this.of.version, compared, agreed, failed, dropped, mean_difference: mean };
  }

  /**
   * Takes the rows of a turn.
   * @param values their vectors one after another; not changed any more
   */
  offer(model: ServedModel, values: Float32Array, decisions: readonly Decision[]): void {
    if (this.of !== model) {
      this.of = model;
      this.counts = { compared: 0, agreed: 0, failed: 0, dropped: 0, differences: 0, differing: 0 };
    }
    if (this.rows + decisions.length > MOST_WAITING) {
      this.counts.dropped += decisions.length;
      this.failed(decisions.length, new Error('more rows wait for it than may'));
      return;
    }
    this.rows += decisions.length;
    this.waiting.push({ model, values, decisions, done: 0 });
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    await new Promise(setImmediate);
    for (let turn = this.waiting[0]; turn !== undefined; turn = this.waiting[0]) {
      const from = turn.done;
      const to = Math.min(turn.decisions.length, from + ROWS_PER_RUN);
      const values = turn.values.subarray(from * VECTOR_LENGTH, to * VECTOR_LENGTH);
      try {
        const { scores } = await turn.model.run(values, to - from);
        for (let n = from; n < to; n++) this.compare(turn, turn.decisions[n]!, scores[n - from]);
      } catch (cause) {
        this.lost(turn, to - from, cause);
      }
      turn.done = to;
      this.rows -= to - from;
      if (to === turn.decisions.length) this.waiting.shift();
      // Whoever waits for an answer comes first.
      await new Promise(setImmediate);
    }
  }

  private compare(turn: Waiting, answer: Decision, given: number | undefined): void {
    const { decision, score = null, degraded } = answer;
    const own = usableScore(given);
    if (own === null) {
      this.lost(turn, 1, new Error('no usable score'));
      return;
    }
    const shadow = outcomeOf(own, degraded.length > 0, this.policy);
    this.compared({
      transactionId: answer.transaction_id,
      decidedAt: answer.decided_at,
      version: answer.versions.model,
      answered: decision,
      score,
      shadowVersion: turn.model.version,
      shadow,
      shadowScore: own,
    });
    if (turn.model !== this.of) return;
    this.counts.compared += 1;
    if (shadow === decision) this.counts.agreed += 1;
    if (score === null) return;
    this.counts.differing += 1;
    this.counts.differences += Math.abs(own - score);
  }

  private lost({ model }: Waiting, rows: number, cause: unknown): void {
    if (model === this.of) this.counts.failed += rows;
    this.failed(rows, cause);
  }
}
