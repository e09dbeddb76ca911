import {
  parseTransaction,
  problem,
  type InvalidTransaction,
  type ParsedTransaction,
  type Versions,
} from '@fraud/contract';
import type { Models } from '@fraud/model';
import type { Config } from '@fraud/platform';
import { safeModesOf, USUAL_GUARD, type GuardPolicy, type GuardState } from '@fraud/policy';
import { RecordsUnavailable, type Erasure, type Records } from '@fraud/records';
import { applyLabel } from './apply-label.js';
import type { Dependency } from './breaker.js';
import type { Bypass } from './bypass/bypass.js';
import { WaveThrough, type WavedThrough } from './bypass/wave-through.js';
import type { ScoringContext } from './context.js';
import type { DriftWatch } from './drift-watch.js';
import { Relay, type EngineObserver } from './engine-observer.js';
import { eraseCard, type ErasureRequest } from './erase-card.js';
import { GuardWatch } from './guard/guard-watch.js';
import { openParts, type Limits, type Parts } from './open-parts.js';
import { recordArtefacts } from './open-records.js';
import type { RedisWatch } from './open-store.js';
import type { Result } from './pipeline.js';
import { decidesBy } from './policy/decides-by.js';
import type { PolicyFile } from './policy/policy-file.js';
import type { RulesFile } from './rules/rules-file.js';
import { putOff } from './put-off.js';
import { Settlement } from './settlement.js';
import type { ShadowSummary } from './shadow.js';
import { storedInstead } from './stored-instead.js';
import { Turns } from './turns.js';
import { warmUp } from './warm-up.js';

/** The pipeline with everything it needs, opened from a configuration. */
export class Engine {
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
  readonly rules: RulesFile;
  /** What it started without, where a bypass let it: for people. */
  readonly startedWithout: readonly string[];
  private context: ScoringContext;
  private readonly turns: Turns;
  private readonly waveThrough: WaveThrough;
  private readonly guardWatch: GuardWatch;

  private constructor(
    parts: Parts,
    private readonly relay: Relay,
    private readonly config: Pick<Config, 'FUTURE_SKEW_S' | 'LATENCY_BUDGET_MS'>,
    private readonly limits: Limits,
  ) {
    ({
      context: this.context,
      redis: this.redis,
      models: this.models,
      records: this.records,
      bypass: this.bypass,
      policy: this.policy,
      rules: this.rules,
      startedWithout: this.startedWithout,
    } = parts);
    this.turns = new Turns(this.context);
    this.waveThrough = new WaveThrough(this.context);
    this.guardWatch = new GuardWatch(
      parts.control,
      () => this.guardPolicy,
      (state, sides) => {
        this.useSafeModes();
        for (const side of sides) relay.guardChanged(side, state[side]);
      },
    );
    relay.noted = (decision) => {
      this.guardWatch.note(decision);
    };
  }

  /**
   * Opens the parts that the configuration names.
   * @throws ConfigError, ModelRefused, RecordsLocked
   */
  static async open(config: Config, limits: Limits = {}): Promise<Engine> {
    const relay = new Relay();
    const engine = new Engine(await openParts(config, limits, relay), relay, config, limits);
    engine.keepArtefacts();
    // A tool decides nothing that anybody gets.
    if (limits.door !== undefined) {
      await warmUp(engine.context);
      engine.guardWatch.start();
    }
    engine.policy.watch(
      (changed) => {
        engine.follow();
        relay.policyInForce(changed);
      },
      (cause) => {
        relay.policyRefused(cause);
      },
    );
    engine.rules.watch(
      (changed) => {
        engine.follow();
        relay.rulesInForce(changed);
      },
      (cause) => {
        relay.rulesRefused(cause);
      },
    );
    return engine;
  }

  /** Tells an observer which models were loaded and refused so far, and from now on what happens. */
  observeWith(observer: EngineObserver): void {
    for (const event of this.models.history.toReversed()) observer.loaded(event);
    this.relay.to = observer;
    observer.swapped(this.models.serving);
    observer.policyInForce(this.policy.inForce);
    observer.rulesInForce(this.rules.inForce);
  }

  /** Of the model that is active now; empty texts where there is none. */
  get versions(): Versions {
    return this.context.versions.of(this.models.serving.active);
  }

  /** What the shadow came to; null where there has been none. */
  get shadow(): ShadowSummary | null {
    return this.context.shadow?.summary ?? null;
  }

  /** How far traffic is from what the models were trained on; null in a tool, which gets none. */
  get drift(): DriftWatch | null {
    return this.context.drift;
  }

  /** Whether too much is declined, or decided without a score. */
  get guard(): GuardState {
    return this.guardWatch.state;
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

  /** Age of the oldest decision that has not reached the feature store, ms; 0 where all have. */
  get storeBehindMs(): number {
    const { commits, behind } = this.context;
    const since = Math.min(commits.since ?? Infinity, behind?.since ?? Infinity);
    return Math.max(0, Number.isFinite(since) ? Date.now() - since : 0);
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
    return parseTransaction(body, path, Date.now() + this.config.FUTURE_SKEW_S * 1000);
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
   * them first, its stored decision is the answer. What could not be stored keeps its own, or is refused with
   * `features_unavailable` where it is to wait for the store.
   */
  async scoreSettled(transactions: readonly ParsedTransaction[]): Promise<Result[]> {
    if (this.bypass.active) return await this.waveAllThrough(transactions);
    const settlement = new Settlement();
    const results = await this.turns.submitAll(transactions, settlement);
    await this.turns.settle(settlement);
    const settled = putOff(transactions, results, settlement, this.context);
    return settlement.lost.size === 0
      ? settled
      : await storedInstead(transactions, settled, settlement.lost, this.context);
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
    await this.rules.close();
    await this.guardWatch.close();
    await this.bypass.close();
    await this.turns.drain();
    await this.context.behind?.close();
    await this.context.commits.drain();
    await this.context.shadow?.drain();
    await this.context.store.close();
    await this.models.close();
    await this.records?.close();
  }

  /** What is decided from now on is decided by the policy and the rules in force; a turn is decided by one of each. */
  private follow(): void {
    const { policy, rules } = this;
    this.context = {
      ...this.context,
      ...decidesBy(policy.inForce, rules.inForce, this.context.fx, this.config, this.limits.budgetMs),
    };
    // Before the first answer that names it.
    this.keepArtefacts();
    this.useSafeModes();
    this.waveThrough.use(this.context);
    this.context.shadow?.use(policy.inForce.content);
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
    recordArtefacts(this.records, this.policy.inForce, this.rules.inForce, this.context.fx, (...failure) => {
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
