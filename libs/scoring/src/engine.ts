import {
  parseTransaction,
  problem,
  type Decision,
  type ErrorCode,
  type GuardSide,
  type InvalidTransaction,
  type ParsedTransaction,
  type Versions,
} from '@fraud/contract';
import { loadFxTable, Pseudonyms, type FxTable } from '@fraud/features';
import { Models, type LoadEvent, type ModelsObserver, type Serving, type StoppedRollout } from '@fraud/model';
import { openControl, type Config, type ControlStore } from '@fraud/platform';
import {
  CALM_GUARD,
  NO_SAFE_MODE,
  safeModesOf,
  USUAL_GUARD,
  type GuardPolicy,
  type GuardState,
  type Policy,
  type SideState,
} from '@fraud/policy';
import {
  RecordsUnavailable,
  type Door,
  type Erasure,
  type Records,
  type RecordsObserver,
  type Written,
} from '@fraud/records';
import { applyLabel } from './apply-label.js';
import { Bypass } from './bypass/bypass.js';
import { WaveThrough, type WavedThrough } from './bypass/wave-through.js';
import { CommitQueue } from './commit-queue.js';
import { Breaker, type Dependency } from './breaker.js';
import type { Breakers, ScoringContext, ScoringObserver } from './context.js';
import { GuardWatch } from './guard/guard-watch.js';
import { HistoriesBehind } from './histories-behind.js';
import { Pace } from './pace.js';
import { eraseCard, type ErasureRequest } from './erase-card.js';
import type { Result } from './pipeline.js';
import { openModels } from './open-models.js';
import { logOf, openRecords, recordArtefacts } from './open-records.js';
import { openStore, type RedisWatch } from './open-store.js';
import { PolicyFile, type PolicyVersion } from './policy/policy-file.js';
import { Settlement } from './settlement.js';
import { Shadow, type ShadowComparison, type ShadowSummary } from './shadow.js';
import type { Stopwatch } from './stopwatch.js';
import { storedInstead } from './stored-instead.js';
import { Turns } from './turns.js';
import { warmUp } from './warm-up.js';
import { VersionsOf } from './versions-of.js';

/** Told what the engine does, and what becomes of its models. */
export interface EngineObserver extends ScoringObserver, ModelsObserver, RecordsObserver {
  /** From now on nobody waits for a dependency that failed, or it is asked again. */
  breakerChanged(dependency: Dependency, open: boolean): void;
  /** A side of the guard has tripped, or cleared. */
  guardChanged(side: GuardSide, state: SideState): void;
  policyInForce(policy: PolicyVersion): void;
  /** The file is not in force, and what was stays. */
  policyRefused(cause: Error): void;
}

/** What differs from door to door. */
export interface Limits {
  /** Longest wait for the store, ms. Default: REDIS_TIMEOUT_MS. */
  readonly storeTimeoutMs?: number;
  /** Budget of one decision, ms. Default: LATENCY_BUDGET_MS. */
  readonly budgetMs?: number;
  /** What the records call it. Without one, nothing is recorded: a replay decides nothing that anybody gets. */
  readonly door?: Door;
}

/** The pipeline with everything it needs, opened from a configuration. */
export class Engine {
  private guardWatch: GuardWatch | null = null;

  private constructor(
    private context: ScoringContext,
    private readonly turns: Turns,
    private readonly relay: Relay,
    private readonly futureSkewMs: number,
    /** What can be seen of Redis; null with the embedded store. */
    readonly redis: RedisWatch | null,
    /** The models of this process, and what all instances want of them. */
    readonly models: Models,
    /** Null where nothing is recorded. */
    readonly records: Records | null,
    /** Whether everything is approved unscored. */
    readonly bypass: Bypass,
    private readonly waveThrough: WaveThrough,
    /** What it started without, where a bypass let it: for people. */
    readonly startedWithout: readonly string[],
    /** What decides, as POLICY_FILE has it. */
    readonly policy: PolicyFile,
    private readonly config: Pick<Config, 'LATENCY_BUDGET_MS'>,
    private readonly limits: Limits,
  ) {}

  /**
   * Opens the parts that the configuration names.
   * @throws ConfigError, ModelRefused, RecordsLocked
   */
  static async open(config: Config, limits: Limits = {}): Promise<Engine> {
    const observer = new Relay();
    const fx = loadFxTable(config.FX_FILE);
    const policy = new PolicyFile(config.POLICY_FILE);
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
    ).catch(release);
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
      log: logOf(records, door, startedWithout.length > 0),
      fx,
      pseudonyms: new Pseudonyms(config.PSEUDONYM_KEY),
      ...decidesBy(policy.inForce, fx),
      observer,
      storeTimeoutMs: limits.storeTimeoutMs ?? config.REDIS_TIMEOUT_MS,
      budgetMs: limits.budgetMs ?? budgetOf(policy.inForce, config),
    };
    const behind = new HistoriesBehind(withoutBehind, failed);
    const context: ScoringContext = { ...withoutBehind, behind };
    const skewMs = config.FUTURE_SKEW_S * 1000;
    const engine = new Engine(
      context,
      new Turns(context),
      observer,
      skewMs,
      redis,
      models,
      records,
      bypass,
      new WaveThrough(context),
      startedWithout,
      policy,
      config,
      limits,
    );
    engine.keepArtefacts();
    if (door !== undefined) await warmUp(context);
    if (door !== undefined) engine.guardWith(control);
    policy.watch(
      (changed) => {
        engine.follow(changed);
      },
      (cause) => {
        observer.policyRefused(cause);
      },
    );
    return engine;
  }

  /** From now on, tells an observer what happens. */
  observeWith(observer: EngineObserver): void {
    this.relay.to = observer;
    observer.swapped(this.models.serving);
    observer.policyInForce(this.policy.inForce);
  }

  /** Of the model that is active now; empty texts where there is none. */
  get versions(): Versions {
    return this.context.versions.of(this.models.serving.active);
  }

  /** What the shadow came to; null where there has been none. */
  get shadow(): ShadowSummary | null {
    return this.context.shadow?.summary ?? null;
  }

  /** Whether too much is declined, or decided without a score. */
  get guard(): GuardState {
    return this.guardWatch?.state ?? CALM_GUARD;
  }

  /** What a bypass let through since the start of this process. */
  get wavedThrough(): WavedThrough {
    return this.waveThrough.counts;
  }

  /** Budget of one decision where its caller sets none, ms. */
  get budgetMs(): number {
    return this.context.budgetMs;
  }

  /** Transactions that have come in and have no decision yet. */
  get underWay(): number {
    return this.turns.underWay;
  }

  /** What a transaction takes while many are under way, ms. */
  get eachMs(): number {
    return this.context.pace.each;
  }

  /** Transactions that were answered without the store, and that histories do not know yet. */
  get historiesWaiting(): number {
    return this.context.behind?.depth ?? 0;
  }

  /** Whether nobody waits for a dependency at the moment, since it failed too often. */
  get breakers(): readonly { readonly dependency: Dependency; readonly open: boolean }[] {
    const { store, records } = this.context.breakers;
    return [store, records].filter((breaker) => breaker !== null);
  }

  get storeKind(): string {
    return this.context.store.kind;
  }

  /** Stage 1: reads one transaction; an event of the future is refused beyond the configured skew. */
  parse(body: unknown, path = ''): ParsedTransaction | InvalidTransaction {
    return parseTransaction(body, path, Date.now() + this.futureSkewMs);
  }

  /**
   * Parses and scores one transaction.
   * @param budgetMs how long it may take, where that is shorter than usual
   */
  async scoreOne(body: unknown, budgetMs?: number): Promise<Result> {
    const parsed = this.parse(body);
    if (!parsed.ok) return refuse(parsed);
    return await (this.bypass.active
      ? this.waveThrough.submit(parsed)
      : this.turns.submit(parsed, undefined, budgetMs));
  }

  /** Parses and scores many, in their order; each sees the effects of those before it. */
  score(bodies: readonly unknown[]): Promise<Result[]> {
    return Promise.all(bodies.map((body) => this.scoreOne(body)));
  }

  /** Scores what `parse` took, in its order; the budget is that of each. */
  scoreParsed(transactions: readonly ParsedTransaction[], budgetMs?: number): Promise<Result[]> {
    if (this.bypass.active) return this.waveAllThrough(transactions);
    return this.turns.submitAll(transactions, undefined, budgetMs);
  }

  /**
   * Scores many, and settles which decision counts before they go anywhere: where another process decided one of
   * them first, its stored decision is the answer. What could not be stored keeps its own.
   */
  async scoreSettled(transactions: readonly ParsedTransaction[]): Promise<Result[]> {
    if (this.bypass.active) return await this.waveAllThrough(transactions);
    const settlement = new Settlement();
    const results = await this.turns.submitAll(transactions, settlement);
    await this.turns.settle(settlement);
    return settlement.lost.size === 0
      ? results
      : await storedInstead(transactions, results, settlement.lost, this.context);
  }

  /**
   * Notes whether a transaction is known to be a fraud, or corrects that; features of later transactions see it.
   * @returns whether that changed anything
   * @throws FeatureStoreUnavailable
   */
  applyLabel(parsed: ParsedTransaction, fraud: boolean): Promise<boolean> {
    return applyLabel(parsed, fraud, this.context);
  }

  /**
   * Takes a card out of everything that knows it here; what it does from then on is a new card's.
   * @throws RecordsUnavailable, FeatureStoreUnavailable: ask again
   */
  async erase(request: ErasureRequest): Promise<Erasure> {
    if (this.records === null) throw new RecordsUnavailable('RECORDS is off');
    return await eraseCard(request, this.records, this.context);
  }

  /** True when the feature store answers. */
  storeAnswers(timeoutMs: number): Promise<boolean> {
    return this.context.store.ping(timeoutMs);
  }

  /** Finishes what is under way, sends what is left to the store, and closes. */
  async close(): Promise<void> {
    await this.policy.close();
    await this.guardWatch?.close();
    await this.bypass.close();
    await this.turns.drain();
    await this.context.behind?.close();
    await this.context.commits.drain();
    await this.context.shadow?.drain();
    await this.context.store.close();
    await this.models.close();
    await this.records?.close();
  }

  /** What is decided from now on is decided by another policy; a turn is decided by one. */
  private follow(policy: PolicyVersion): void {
    const { budgetMs } = this.limits;
    this.context = {
      ...this.context,
      ...decidesBy(policy, this.context.fx),
      ...(budgetMs === undefined && { budgetMs: budgetOf(policy, this.config) }),
    };
    // Before the first answer that names it.
    this.keepArtefacts();
    this.useSafeModes();
    this.waveThrough.use(this.context);
    this.context.shadow?.use(policy.content);
    this.relay.policyInForce(policy);
  }

  private guardWith(control: ControlStore): void {
    const guard = new GuardWatch(
      control,
      () => this.guardPolicy,
      (state, sides) => {
        this.useSafeModes();
        for (const side of sides) this.relay.guardChanged(side, state[side]);
      },
    );
    this.guardWatch = guard;
    this.relay.noted = (decision) => {
      guard.note(decision);
    };
    guard.start();
  }

  private get guardPolicy(): GuardPolicy {
    return this.policy.inForce.content.guard ?? USUAL_GUARD;
  }

  /** From the next turn on. */
  private useSafeModes(): void {
    const safeModes = safeModesOf(this.guard, this.guardPolicy);
    this.context = { ...this.context, safeModes };
    this.turns.use(this.context);
  }

  /** Records what the versions in the answers stand for. */
  private keepArtefacts(): void {
    if (this.records === null) return;
    recordArtefacts(this.records, this.policy.inForce, this.context.fx, (...failure) => {
      this.relay.failed(...failure);
    });
  }

  private waveAllThrough(transactions: readonly ParsedTransaction[]): Promise<Result[]> {
    return Promise.all(transactions.map((parsed) => this.waveThrough.submit(parsed)));
  }
}

function refuse(invalid: InvalidTransaction): Result {
  return { kind: 'refused', problem: problem(invalid.code, { errors: invalid.errors }) };
}

/** Five turns that wait in vain, and no more does; a try costs nobody anything, so it may be soon. */
const STORE_BREAKER = { failures: 5, forMs: 250, retryAfterMs: 100 };
const RECORDS_BREAKER = { failures: 3, forMs: 1000, retryAfterMs: 1000 };

function breakersOf(
  store: boolean,
  records: boolean,
  changed: (dependency: Dependency, open: boolean) => void,
): Breakers {
  return {
    store: store ? new Breaker('feature_store', STORE_BREAKER, changed) : null,
    records: records ? new Breaker('records', RECORDS_BREAKER, changed) : null,
  };
}

/** The environment wins where it says something. */
const budgetOf = (
  { content }: PolicyVersion,
  { LATENCY_BUDGET_MS }: Pick<Config, 'LATENCY_BUDGET_MS'>,
): number => LATENCY_BUDGET_MS ?? content.latency_budget_ms ?? USUAL_BUDGET_MS;
const USUAL_BUDGET_MS = 15;

/** What of a context follows from the policy. */
function decidesBy(
  { content, version }: PolicyVersion,
  fx: FxTable,
): Pick<ScoringContext, 'policy' | 'versions' | 'whenFull'> {
  return {
    policy: content,
    versions: new VersionsOf(version, fx.version),
    whenFull: content.records?.when_full ?? 'answer',
  };
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

/** The parts are opened before there is anyone to tell. */
class Relay implements EngineObserver {
  to: EngineObserver | null = null;
  noted: ((decision: Decision) => void) | null = null;

  turn(rows: number, watch: Stopwatch): void {
    this.to?.turn(rows, watch);
  }

  decided(decision: Decision, replayed: boolean): void {
    if (!replayed) this.noted?.(decision);
    this.to?.decided(decision, replayed);
  }

  failed(code: ErrorCode, rows: number, cause?: unknown): void {
    this.to?.failed(code, rows, cause);
  }

  shadowed(comparison: ShadowComparison): void {
    this.to?.shadowed(comparison);
  }

  loaded(event: LoadEvent): void {
    this.to?.loaded(event);
  }

  swapped(serving: Serving): void {
    this.to?.swapped(serving);
  }

  rolloutStopped(stopped: StoppedRollout): void {
    this.to?.rolloutStopped(stopped);
  }

  written(written: Written, seconds: number): void {
    this.to?.written(written, seconds);
  }

  aside(lines: number, reason: string): void {
    this.to?.aside(lines, reason);
  }

  database(up: boolean, message: string): void {
    this.to?.database(up, message);
  }

  controlLost(cause: unknown): void {
    this.to?.controlLost(cause);
  }

  breakerChanged(dependency: Dependency, open: boolean): void {
    this.to?.breakerChanged(dependency, open);
  }

  guardChanged(side: GuardSide, state: SideState): void {
    this.to?.guardChanged(side, state);
  }

  policyInForce(policy: PolicyVersion): void {
    this.to?.policyInForce(policy);
  }

  policyRefused(cause: Error): void {
    this.to?.policyRefused(cause);
  }
}
