import type { ErrorCode } from '@fraud/contract';
import { loadFxTable, Pseudonyms } from '@fraud/features';
import type { Models } from '@fraud/model';
import { openControl, type Config, type ControlStore } from '@fraud/platform';
import { NO_SAFE_MODE, type Policy } from '@fraud/policy';
import type { Door, Records } from '@fraud/records';
import { breakersOf } from './breakers.js';
import { Bypass } from './bypass/bypass.js';
import { CommitQueue } from './commit-queue.js';
import { DriftWatch } from './drift-watch.js';
import type { ScoringContext, ScoringObserver } from './context.js';
import type { EngineObserver } from './engine-observer.js';
import { HistoriesBehind } from './histories-behind.js';
import { openModels } from './open-models.js';
import { logOf, openRecords } from './open-records.js';
import { openStore, type RedisWatch } from './open-store.js';
import { Pace } from './pace.js';
import { decidesBy } from './policy/decides-by.js';
import { PolicyFile } from './policy/policy-file.js';
import { RulesFile } from './rules/rules-file.js';
import { Shadow } from './shadow.js';

/** What differs from door to door. */
export interface Limits {
  /** Longest wait for the store, ms. Default: REDIS_TIMEOUT_MS. */
  readonly storeTimeoutMs?: number;
  /** Budget of one decision, ms. Default: LATENCY_BUDGET_MS. */
  readonly budgetMs?: number;
  /** What becomes of what the store cannot serve: decided without it, or refused until it is back. Default: degrade. */
  readonly onStoreOutage?: 'degrade' | 'pause';
  /** What the records call it. Without one, nothing is recorded: a replay decides nothing that anybody gets. */
  readonly door?: Door;
}

/** What an engine is made of. */
export interface Parts {
  readonly context: ScoringContext;
  /** What can be seen of Redis; null with the embedded store. */
  readonly redis: RedisWatch | null;
  /** The models of this process, and what all instances want of them. */
  readonly models: Models;
  /** Null where nothing is recorded. */
  readonly records: Records | null;
  /** Whether everything is approved unscored. */
  readonly bypass: Bypass;
  /** What decides, as POLICY_FILE has it. */
  readonly policy: PolicyFile;
  /** What analysts decide, as RULES_FILE has it. */
  readonly rules: RulesFile;
  /** What all instances share; closed with the models. */
  readonly control: ControlStore;
  /** What it started without, where a bypass let it: for people. */
  readonly startedWithout: readonly string[];
}

/**
 * Opens what a configuration names.
 * @throws ConfigError, ModelRefused, RecordsLocked; nothing is left open then
 */
export async function openParts(config: Config, limits: Limits, observer: EngineObserver): Promise<Parts> {
  const fx = loadFxTable(config.FX_FILE);
  const policy = new PolicyFile(config.POLICY_FILE);
  const rules = new RulesFile(config.RULES_FILE);
  const { door } = limits;
  // What a bypass is to help with must not keep it from starting.
  const bypassed = config.BYPASS_MODE === 'true';
  const startedWithout: string[] = [];
  const records =
    door === undefined
      ? null
      : openRecords(
          config,
          observer,
          bypassed ? (cause) => startedWithout.push(`records: ${cause.message}`) : null,
        );
  const release = async (cause: unknown): Promise<never> => {
    await records?.close();
    throw cause;
  };
  const control = await openControl(config).catch(release);
  const models = await openModels(
    config,
    () => policy.inForce.content.rollout,
    observer,
    control,
    bypassed,
  ).catch(async (cause: unknown) => {
    await control.close();
    return await release(cause);
  });
  const mode = config.BYPASS_MODE === undefined ? undefined : bypassed;
  const bypass = await Bypass.open({ mode, maxMinutes: config.BYPASS_MAX_MINUTES }, control, door ?? null);
  const { store, redis } = await openStore(config, observer).catch(async (cause: unknown) => {
    await bypass.close();
    await models.close();
    return await release(cause);
  });
  const failed = (...failure: [ErrorCode, number, unknown?]): void => {
    observer.failed(...failure);
  };
  const withoutBehind: ScoringContext = {
    store,
    commits: new CommitQueue(store, failed),
    breakers: breakersOf(redis !== null, records !== null, (...change) => {
      observer.breakerChanged(...change);
    }),
    behind: null,
    pace: new Pace(),
    safeModes: NO_SAFE_MODE,
    models,
    shadow: shadowOf(policy.inForce.content, observer),
    drift: door === undefined ? null : new DriftWatch(() => models.serving),
    log: logOf(records, door, startedWithout.length > 0),
    fx,
    pseudonyms: new Pseudonyms(config.PSEUDONYM_KEY),
    ...decidesBy(policy.inForce, rules.inForce, fx, config, limits.budgetMs),
    observer,
    storeTimeoutMs: limits.storeTimeoutMs ?? config.REDIS_TIMEOUT_MS,
    waitsForStore: limits.onStoreOutage === 'pause',
  };
  const behind = new HistoriesBehind(withoutBehind, failed);
  const context: ScoringContext = { ...withoutBehind, behind };
  return { context, redis, models, records, bypass, policy, rules, control, startedWithout };
}

function shadowOf(policy: Policy, observer: ScoringObserver): Shadow {
  return new Shadow(
    policy,
    (comparison) => {
      observer.shadowed(comparison);
    },
    (rows, cause) => {
      observer.failed('shadow_unavailable', rows, cause);
    },
  );
}
