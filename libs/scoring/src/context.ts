import type { Decision, ErrorCode, Versions } from '@fraud/contract';
import type { FeatureStore, FxTable, Pseudonyms } from '@fraud/features';
import type { Model } from '@fraud/model';
import type { Policy } from '@fraud/policy';
import type { CommitQueue } from './commit-queue.js';
import type { Stopwatch } from './stopwatch.js';

/** Told what happened. Its work is on the answer's path, so it must be cheap. */
export interface ScoringObserver {
  /** A turn with so many transactions is over. */
  turn(rows: number, watch: Stopwatch): void;
  /** A transaction was decided, or answered with its stored decision (`replayed`). */
  decided(decision: Decision, replayed: boolean): void;
  /** Something went wrong for so many transactions. */
  failed(code: ErrorCode, rows: number, cause?: unknown): void;
}

/** Everything the pipeline works with; the same for every door. */
export interface ScoringContext {
  readonly store: FeatureStore;
  readonly commits: CommitQueue;
  /** Null only where vectors are wanted and no decision: training. */
  readonly model: Model | null;
  readonly fx: FxTable;
  readonly pseudonyms: Pseudonyms;
  readonly policy: Policy;
  /** What every answer says about what decided it. */
  readonly versions: Versions;
  readonly observer: ScoringObserver;
  /** Longest wait for the store, ms. */
  readonly storeTimeoutMs: number;
  /** Budget of one decision, ms. */
  readonly budgetMs: number;
}
