import type { ParsedTransaction } from '@fraud/contract';
import { MOST_READS, type CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { Patience } from './patience.js';
import { observe, score, type Result, type Waiting } from './pipeline.js';
import { rungOf, type Rung } from './rung.js';
import type { Settlement } from './settlement.js';
import type { Vectors } from './to-vectors.js';
import { Unanswered, type Submitted } from './unanswered.js';

/** Rows that one turn takes at most: bounds how long it holds the event loop. */
const MAX_ROWS = MOST_READS;

/**
 * So long commits wait for a next turn to ride with, ms. It saves a round trip for all but the last of a
 * series; the answers have left already, and a next turn of this process always sends them ahead of its reads.
 */
const LINGER_MS = 2;

/** Pause before a store that failed is tried again, ms. */
const RETRY_MS = 250;

/**
 * Joins what arrives in one turn of the event loop, or while the turn before it is under way, into one
 * call of the pipeline. One turn at a time: the busier the process, the larger the turns and the cheaper
 * each transaction; and a turn always finds the commits of the one before it.
 */
export class Turns {
  private waiting: Submitted[] = [];
  private readonly unanswered = new Unanswered();
  private inTurn = 0;
  private running = false;
  private idle: Promise<void> = Promise.resolve();
  private linger: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private readonly patience: Patience;
  private patient = 0;

  constructor(
    private context: ScoringContext,
    private readonly onVectors?: (vectors: Vectors) => void,
  ) {
    this.patience = new Patience(context);
  }

  /** From the next turn on, decides by another policy. */
  use(context: ScoringContext): void {
    this.context = context;
  }

  /** Transactions that have no decision yet. */
  get underWay(): number {
    return this.waiting.length + this.inTurn;
  }

  /** @param budgetMs where the caller has set one; it can only be shorter than the usual one */
  submit(parsed: ParsedTransaction, settlement?: Settlement, budgetMs = Infinity): Promise<Result> {
    const { promise: result, resolve, reject } = Promise.withResolvers<Result>();
    const row: Submitted = {
      parsed,
      arrivedAt: performance.now(),
      budgetMs: Math.min(budgetMs, this.context.budgetMs),
      settlement,
      result,
      mayWait: true,
      answered: false,
      asked: 'no',
      resolve,
      reject,
    };
    const first = this.unanswered.firstOf(row);
    if (first !== null) return this.withFirst(first);
    this.enqueue(row);
    return result;
  }

  /** One that comes again while it is under way gets the answer of the first, whatever becomes of that. */
  private async withFirst({ result }: Submitted): Promise<Result> {
    const first = await result;
    const again = first.kind === 'decided' ? { ...first, replayed: true } : first;
    observe(again, this.context.observer);
    return again;
  }

  private enqueue(row: Submitted): void {
    this.waiting.push(row);
    if (!this.running) {
      this.running = true;
      this.idle = new Promise((done) => {
        setImmediate(() => void this.run().then(done, done));
      });
    }
  }

  /**
   * Submits many, in their order. A long list goes in slices of a turn, so that its own rows do not use up
   * each other's budget and other requests get their turn in between.
   */
  async submitAll(
    transactions: readonly ParsedTransaction[],
    settlement?: Settlement,
    budgetMs?: number,
  ): Promise<Result[]> {
    const results: Result[] = [];
    for (let from = 0; from < transactions.length; from += MAX_ROWS) {
      const slice = transactions
        .slice(from, from + MAX_ROWS)
        .map((parsed) => this.submit(parsed, settlement, budgetMs));
      results.push(...(await Promise.all(slice)));
    }
    return results;
  }

  /** Sends the decisions that somebody waits for, and resolves when each is stored, lost or failed. */
  async settle(settlement: Settlement): Promise<void> {
    // A store that is away fails at once: trying again here would leave the event loop nothing else to do, and it would never be back.
    let arrives = true;
    while (arrives && settlement.open && this.context.commits.size > 0)
      arrives = await this.context.commits.flush();
    // The rest rides with a turn that is under way.
    await settlement.done();
    this.flushSoon();
  }

  /** Resolves when everything that was submitted is decided and committed. */
  async drain(): Promise<void> {
    await this.idle;
    while (this.patient > 0) {
      await this.patience.pause(performance.now());
      await this.idle;
    }
    clearTimeout(this.linger);
    clearTimeout(this.retry);
    await this.context.commits.drain();
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const turn = this.next();
      this.inTurn = turn.length;
      await this.one(turn);
      this.inTurn = 0;
    }
    this.running = false;
    this.flushSoon();
  }

  /**
   * The rows of the next turn. Those of one budget go together: the store and the model get what is left for the row that has
   * least, and a caller in a hurry is not to take them from all others.
   */
  private next(): readonly Submitted[] {
    const { waiting } = this;
    const { budgetMs } = waiting[0]!;
    if (waiting.every((row) => row.budgetMs === budgetMs)) {
      this.waiting = waiting.length <= MAX_ROWS ? [] : waiting.slice(MAX_ROWS);
      return waiting.length <= MAX_ROWS ? waiting : waiting.slice(0, MAX_ROWS);
    }
    const turn: Submitted[] = [];
    this.waiting = waiting.filter((row) => {
      const isIn = row.budgetMs === budgetMs && turn.length < MAX_ROWS;
      if (isIn) turn.push(row);
      return !isIn;
    });
    return turn;
  }

  private flushSoon(): void {
    this.linger ??= setTimeout(() => void this.flush(), LINGER_MS);
    this.linger.refresh();
  }

  private async flush(): Promise<void> {
    if (this.running) return;
    await this.context.commits.flush();
    // The store was away: go on trying, also when no traffic comes that would.
    if (this.context.commits.size === 0) return;
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      void this.flush();
    }, RETRY_MS).unref();
  }

  private async one(all: readonly Submitted[]): Promise<void> {
    const turn = all.every(({ answered }) => !answered) ? all : all.filter(({ answered }) => !answered);
    if (turn.length === 0) return;
    // What has waited too long is answered first, and with what there is time for: it costs the others nothing.
    const { nothing, without_state: stateless, whole } = this.byRung(turn);
    if (nothing !== undefined) await this.decide(nothing, 'nothing');
    if (stateless !== undefined) await this.decide(stateless, 'without_state');
    if (whole === undefined) return;
    const began = performance.now();
    await this.decide(whole, 'whole');
    this.context.pace.tookTurn(whole.length, performance.now() - began);
  }

  private byRung(turn: readonly Submitted[]): Partial<Record<Rung, readonly Submitted[]>> {
    const now = performance.now();
    const { pace } = this.context;
    const rung = (row: Submitted): Rung => rungOf(row.arrivedAt + row.budgetMs - now, turn.length, pace);
    if (turn.every((row) => rung(row) === 'whole')) return { whole: turn };
    return Object.groupBy(turn, rung);
  }

  private async decide(turn: readonly Submitted[], rung: Rung): Promise<void> {
    try {
      const results = await score(turn, this.context, this.onVectors, rung);
      for (let i = 0; i < turn.length; i++) {
        const result = results[i]!;
        if (result.kind === 'waiting') void this.wait(turn[i]!, result);
        else this.answer(turn[i]!, result);
      }
    } catch (cause) {
      for (const row of turn) {
        this.unanswered.answered(row);
        row.reject(cause);
      }
    }
  }

  private async lookUp(row: Submitted, current: CurrentTransaction): Promise<void> {
    const found = await this.patience.recorded(current);
    row.asked = 'answered';
    // One that is being decided after all gets that decision.
    if (found === null || !row.mayWait || row.answered) return;
    observe(found, this.context.observer);
    this.answer(row, found);
  }

  private answer(row: Submitted, result: Result): void {
    if (row.answered) return;
    row.answered = true;
    this.unanswered.answered(row);
    row.resolve(result);
  }

  /** Asks the store again a little later, and the records at once; what comes first is the answer. */
  private async wait(row: Submitted, { row: current }: Waiting): Promise<void> {
    this.patient += 1;
    try {
      if (row.asked === 'no') {
        row.asked = 'asking';
        void this.lookUp(row, current);
      }
      await this.patience.pause(row.arrivedAt);
      if (row.answered) return;
      row.mayWait = this.patience.lasts(row, row.asked === 'asking');
      this.enqueue(row);
    } finally {
      this.patient -= 1;
    }
  }
}
