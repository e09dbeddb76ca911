import type { ErrorCode } from '@fraud/contract';
import type { DecisionCommit, FeatureStore } from '@fraud/features';
import type { CommitObserver } from './settlement.js';

/** Decisions that may wait for a store that is away; beyond it they are dropped, and counted. */
const MAX_WAITING = 20_000;
/** Decisions that go with one exchange. */
const MAX_PER_EXCHANGE = 512;
const TIMEOUT_MS = 1000;

/** A commit, and who wants to know what becomes of it. */
export interface QueuedCommit extends DecisionCommit {
  /** When it was decided, ms since the epoch. */
  readonly decidedAtMs: number;
  readonly observer?: CommitObserver | undefined;
}

/**
 * Decisions on their way to the store, off the answer's path. They ride with the reads of the next turn
 * where one is waiting, or go alone. A commit is safe to repeat, so what failed is tried again.
 */
export class CommitQueue {
  private waiting: QueuedCommit[] = [];
  private flushing: Promise<boolean> | null = null;

  constructor(
    private readonly store: FeatureStore,
    private readonly failed: (code: ErrorCode, rows: number, cause?: unknown) => void,
  ) {}

  get size(): number {
    return this.waiting.length;
  }

  /** When the oldest was decided that waits, ms since the epoch; null where none does. */
  get since(): number | null {
    return this.waiting[0]?.decidedAtMs ?? null;
  }

  add(commit: QueuedCommit): void {
    this.waiting.push(commit);
  }

  /** Takes what should go with the next exchange. */
  take(): QueuedCommit[] {
    if (this.waiting.length <= MAX_PER_EXCHANGE) {
      const taken = this.waiting;
      this.waiting = [];
      return taken;
    }
    return this.waiting.splice(0, MAX_PER_EXCHANGE);
  }

  /** Tells what became of commits that were carried out. */
  carriedOut(commits: readonly QueuedCommit[], stored: readonly boolean[]): void {
    for (let i = 0; i < commits.length; i++) {
      commits[i]!.observer?.settled(commits[i]!.transactionId, stored[i] === true ? 'stored' : 'lost');
    }
  }

  /** Takes back what an exchange did not carry out, to be tried again; nobody waits for that. */
  putBack(commits: readonly QueuedCommit[], cause: unknown): void {
    if (commits.length === 0) return;
    const room = Math.max(0, MAX_WAITING - this.waiting.length);
    this.waiting.unshift(...commits.slice(0, room).map(({ observer: _, ...commit }) => commit));
    for (const { transactionId, observer } of commits) observer?.settled(transactionId, 'failed');
    if (commits.length > room) this.failed('feature_store_commit_failed', commits.length - room, cause);
  }

  /**
   * Sends what is waiting, as much as goes with one exchange; resolves when it was sent once.
   * @returns whether it arrived; where it did not, everybody who waits has been told
   */
  flush(): Promise<boolean> {
    this.flushing ??= this.send().finally(() => {
      this.flushing = null;
    });
    return this.flushing;
  }

  /** Sends everything that is left, as long as the store takes it. */
  async drain(): Promise<void> {
    await this.flush();
    for (let before = Infinity; this.waiting.length > 0 && this.waiting.length < before;) {
      before = this.waiting.length;
      await this.flush();
    }
    if (this.waiting.length > 0) this.failed('feature_store_commit_failed', this.waiting.length);
  }

  private async send(): Promise<boolean> {
    const commits = this.take();
    if (commits.length === 0) return true;
    try {
      const { stored } = await this.store.exchange([], commits, TIMEOUT_MS);
      this.carriedOut(commits, stored);
      return true;
    } catch (cause) {
      this.putBack(commits, cause);
      this.tellThatItFailed();
      return false;
    }
  }

  /** Those behind would not fare better: nobody is to wait until it is their turn. */
  private tellThatItFailed(): void {
    for (let i = 0; i < this.waiting.length; i++) {
      if (this.waiting[i]!.observer === undefined) continue;
      const { observer, ...commit } = this.waiting[i]!;
      this.waiting[i] = commit;
      observer!.settled(commit.transactionId, 'failed');
    }
  }
}
