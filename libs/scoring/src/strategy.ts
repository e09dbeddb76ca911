import {
  MemoryFeatureStore,
  type FeatureStore,
  type FxTable,
  type MemoryStoreOptions,
  type Pseudonyms,
} from '@fraud/features';
import { RolloutTally, type ServedModel, type ServingModels } from '@fraud/model';
import { NO_SAFE_MODE, type OutcomePolicy, type RuleSet } from '@fraud/policy';
import { CommitQueue } from './commit-queue.js';
import type { ScoringContext } from './context.js';
import { Pace } from './pace.js';
import { NO_RULES } from './rules/rules-file.js';
import { VersionsOf } from './versions-of.js';

/** A model, a policy and rules: together they decide. */
export interface Strategy {
  readonly model: ServedModel;
  readonly policy: OutcomePolicy;
  /** What answers call the policy. */
  readonly policyVersion: string;
  readonly rules: RuleSet;
}

/** What histories are made with, whoever decides. */
export interface ReplayTables {
  readonly fx: FxTable;
  readonly pseudonyms: Pseudonyms;
}

/** The past has long answered its callers: nothing may be missing because this machine was busy. */
const PATIENT_MS = 60_000;
/** Repeats are recognised by their card's log, too. */
const DECISIONS = { decisionTtlMs: 24 * 3_600_000, maxDecisions: 10_000 };

/**
 * A context with nobody deciding: histories are all that it leaves.
 * @param store where they go
 */
export function replayContext({ fx, pseudonyms }: ReplayTables, store: FeatureStore): ScoringContext {
  const none = { step_up: 1, review: 1, decline: 1 };
  return {
    store,
    commits: new CommitQueue(store, () => undefined),
    breakers: { store: null, records: null },
    behind: null,
    models: null,
    shadow: null,
    drift: null,
    log: null,
    fx,
    pseudonyms,
    policy: { thresholds: none, degraded_thresholds: none, fail_action: 'review' },
    rules: NO_RULES,
    safeModes: NO_SAFE_MODE,
    whenFull: 'answer',
    versions: new VersionsOf('', fx.version),
    observer: {
      turn: () => undefined,
      decided: () => undefined,
      shadowed: () => undefined,
      failed: (code, rows, cause) => {
        if (code === 'features_unavailable') throw new Error(`${rows} rows without history`, { cause });
      },
    },
    pace: new Pace(),
    storeTimeoutMs: PATIENT_MS,
    waitsForStore: false,
    budgetMs: Infinity,
  };
}

/** Histories of their own. @param bounds of the store, whose memory is taken at once */
export const ownHistories = (bounds: Omit<MemoryStoreOptions, 'decisionTtlMs'> = {}): FeatureStore =>
  new MemoryFeatureStore({ ...DECISIONS, ...bounds });

/** The same context, with somebody who decides. */
export function decidedBy(
  { model, policy, policyVersion, rules }: Strategy,
  context: ScoringContext,
): ScoringContext {
  return {
    ...context,
    models: servedAlone(model),
    policy,
    rules,
    versions: new VersionsOf(policyVersion, context.fx.version, rules.version),
  };
}

const servedAlone = (active: ServedModel): ServingModels => ({
  serving: { active, candidate: null, shadow: null },
  tally: new RolloutTally(),
});
