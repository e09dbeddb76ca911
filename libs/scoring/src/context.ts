import type { Decision, ErrorCode } from '@fraud/contract';
import type { FeatureStore, FxTable, Pseudonyms } from '@fraud/features';
import type { ServingModels } from '@fraud/model';
import type { OutcomePolicy, RuleSet, SafeModes, WhenFull } from '@fraud/policy';
import type { Behind } from './answered-without.js';
import type { Breaker } from './breaker.js';
import type { CommitQueue } from './commit-queue.js';
import type { DecisionLog } from './decision-log.js';
import type { DriftWatch } from './drift-watch.js';
import type { Pace } from './pace.js';
import type { Shadow, ShadowComparison } from './shadow.js';
import type { Stopwatch } from './stopwatch.js';
import type { VersionsOf } from './versions-of.js';

/** Null: that cannot be away. */
export interface Breakers {
  readonly store: Breaker | null;
  readonly records: Breaker | null;
}

/** Told what happened. Its work is on the answer's path, so it must be cheap. */
export interface ScoringObserver {
  /** A turn with so many transactions is over. */
  turn(rows: number, watch: Stopwatch): void;
  /** A transaction was decided, or answered with its stored decision (`replayed`). */
  decided(decision: Decision, replayed: boolean): void;
  /** Something went wrong for so many transactions. */
  failed(code: ErrorCode, rows: number, cause?: unknown): void;
  /** The shadow has scored a transaction, some time after its answer. */
  shadowed(comparison: ShadowComparison): void;
}

/** Everything the pipeline works with; the same for every door. It does not change: under another policy there is another one. */
export interface ScoringContext {
  readonly store: FeatureStore;
  readonly commits: CommitQueue;
  readonly breakers: Breakers;
  /** Where what was answered without the store goes; null where that cannot be. */
  readonly behind: Behind | null;
  /** Null only where vectors are wanted and no decision: training. */
  readonly models: ServingModels | null;
  /** Null where no other model scores along. */
  readonly shadow: Shadow | null;
  /** Null where nobody gets the answers: what a tool replays is no traffic. */
  readonly drift: DriftWatch | null;
  /** Null where nothing is recorded. */
  readonly log: DecisionLog | null;
  readonly fx: FxTable;
  readonly pseudonyms: Pseudonyms;
  readonly policy: OutcomePolicy;
  readonly rules: RuleSet;
  /** Of the guard, which are in force. */
  readonly safeModes: SafeModes;
  /** What becomes of transactions that cannot be recorded. */
  readonly whenFull: WhenFull;
  /** What every answer says about what decided it. */
  readonly versions: VersionsOf;
  readonly observer: ScoringObserver;
  /** How long things took. */
  readonly pace: Pace;
  /** Longest wait for the store, ms. */
  readonly storeTimeoutMs: number;
  /** Whether what the store cannot serve is put off, and not decided without it. */
  readonly waitsForStore: boolean;
  /** Budget of one decision, ms, where its caller has set none. */
  readonly budgetMs: number;
}
