import { setTimeout as sleep } from 'node:timers/promises';
import type { Rollout } from '@fraud/platform';
import { ModelRefused } from '../model-refused.js';
import { Agreement } from './agreement.js';
import {
  activated,
  loaded,
  rolledBack,
  wanted,
  type Change,
  type ConfiguredModels,
  type DesiredModels,
} from './desired.js';
import { HeldModels, type LoadEvent } from './held-models.js';
import { ModelChangeRefused } from './model-change-refused.js';
import type { ModelsOptions } from './models-options.js';
import { RolloutShare } from './rollout-share.js';
import { RolloutWatch, type RolloutCounts } from './rollout-watch.js';
import type { ServedModel } from './served-model.js';
import { NOTHING_SERVED, type RolloutTally, type Serving, type ServingModels } from './serving.js';

/** An instance looks so often at what was agreed on, ms: well within the two seconds in which all have to follow. */
const LOOK_EVERY_MS = 500;

/**
 * The models of a process: holds what the environment and all instances together ask for, follows when that changes, and
 * keeps what it has where a new one is refused.
 */
export class Models implements ServingModels {
  private current: Serving = NOTHING_SERVED;
  private readonly agreement: Agreement;
  private readonly rollouts: RolloutWatch;
  private readonly held: HeldModels;
  /** Versions that are about to be agreed on. */
  private readonly proposed: string[] = [];
  private readonly closing = new AbortController();
  private watching: Promise<void> = Promise.resolve();
  private following: Promise<void> = Promise.resolve();
  /** Why the active model was refused last. */
  private cause: ModelRefused | null = null;

  private constructor(private readonly options: ModelsOptions) {
    this.agreement = new Agreement(options.control);
    this.rollouts = new RolloutWatch(options.control, this.agreement, options.guard);
    this.held = new HeldModels(options.source, (event) => {
      options.observer.loaded(event);
    });
  }

  /**
   * Loads what is asked for. A registry that does not answer is no reason not to start, nor is one of whose versions none was
   * chosen yet: there is no model then, until there is.
   * @throws ModelRefused where the active model is there, but must not run; nothing is left open then
   */
  static async open(options: ModelsOptions): Promise<Models> {
    const models = new Models(options);
    await models.look();
    const refused = models.unavailable;
    if (refused !== null && !(await models.mayComeYet(refused))) {
      await models.close();
      throw refused;
    }
    models.watching = models.watch();
    return models;
  }

  get serving(): Serving {
    return this.current;
  }

  get tally(): RolloutTally {
    return this.rollouts.tally;
  }

  get desired(): DesiredModels {
    return this.agreement.desired;
  }

  get configured(): ConfiguredModels {
    return this.options.configured;
  }

  get history(): readonly LoadEvent[] {
    return this.held.history;
  }

  /** Why there is no active model; null where there is one. */
  get unavailable(): ModelRefused | null {
    return this.current.active === null ? this.cause : null;
  }

  /** What the rollout did within the window, over all instances. */
  get rolloutCounts(): RolloutCounts {
    return this.rollouts.counts;
  }

  /**
   * Has every instance hold a version ready.
   * @throws ModelRefused, ControlUnavailable
   */
  async load(version: string, by: string): Promise<void> {
    await this.propose(version, () => loaded(version), by);
  }

  /**
   * Has every instance decide by a version; this one checks it first.
   * @throws ModelRefused, ModelChangeRefused, ControlUnavailable
   */
  async activate(version: string, by: string): Promise<void> {
    this.refusePinned();
    await this.propose(version, () => activated(version, this.runningVersion()), by);
  }

  /**
   * Has every instance decide by what decided before.
   * @throws ModelRefused, ModelChangeRefused, ControlUnavailable
   */
  async rollback(by: string): Promise<void> {
    this.refusePinned();
    await this.agreement.read();
    const toChange = (desired: DesiredModels): Change => {
      const change = rolledBack(desired, this.runningVersion());
      if (change !== null) return change;
      throw new ModelChangeRefused('nothing_to_roll_back', 'no other model was active before');
    };
    const { previous } = this.desired;
    await this.propose(previous, toChange, by);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.watching;
    this.current = NOTHING_SERVED;
    await this.held.keep(new Set(), []);
    await this.options.control.close();
  }

  private async mayComeYet({ reason }: ModelRefused): Promise<boolean> {
    const { source, configured, patient } = this.options;
    if (patient === true || reason === 'registry_unavailable') return true;
    if (reason !== 'not_found' || configured.active !== undefined || this.desired.active !== null)
      return false;
    const versions = await source.versions().catch(() => []);
    return versions.length > 0;
  }

  /** Null where none runs, nor was asked for: there is nothing to come back to then. */
  private runningVersion(): string | null {
    return this.current.active?.version ?? this.desired.active;
  }

  private refusePinned(): void {
    const { active } = this.options.configured;
    if (active === undefined) return;
    throw new ModelChangeRefused(
      'model_set_by_environment',
      `MODEL_VERSION=${active} is set, and wins over what is agreed on here`,
    );
  }

  /** Tries a version here before all instances have to follow; null: there is none to try. */
  private async propose(
    version: string | null,
    toChange: (desired: DesiredModels) => Change,
    by: string,
  ): Promise<void> {
    if (version !== null) this.proposed.push(version);
    try {
      if (version !== null) await this.held.hold(version, 'ready', true);
      await this.agreement.change(toChange, by);
      await this.follow();
    } finally {
      if (version !== null) this.proposed.splice(this.proposed.indexOf(version), 1);
    }
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    const everyMs = this.options.lookEveryMs ?? LOOK_EVERY_MS;
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.look();
    }
  }

  /** Follows what is agreed on; where that cannot be read, stays with what is known. */
  private async look(): Promise<void> {
    const { observer, configured } = this.options;
    try {
      await this.agreement.read();
      const { rollout } = wanted(configured, this.desired);
      const stopped = rollout === undefined ? null : await this.rollouts.look(rollout);
      if (stopped !== null) observer.rolloutStopped(stopped);
    } catch (cause) {
      observer.controlLost(cause);
    }
    await this.follow();
  }

  /** Loads and lets go until this process holds what is wanted; one after another. */
  private follow(): Promise<void> {
    this.following = this.following.catch(() => undefined).then(() => this.reconcile());
    return this.following;
  }

  private async reconcile(): Promise<void> {
    const { active, shadow, rollout, ready } = wanted(this.options.configured, this.desired);
    const { current } = this;
    // What decides comes first; where it is refused, what decided before goes on.
    const decides = await this.tryHold(active, 'active', (cause) => (this.cause = cause));
    const next: Serving = {
      active: decides ?? current.active,
      candidate: await this.candidate(rollout),
      shadow: shadow === undefined ? null : await this.tryHold(shadow, 'shadow'),
    };
    if (!same(next, current)) {
      this.current = next;
      this.options.observer.swapped(next);
    }
    for (const version of ready) await this.tryHold(version, 'ready');
    const kept = new Set<string | undefined>([active, shadow, rollout?.version, ...ready, ...this.proposed]);
    // What scores stays, also where it goes on instead of one that was refused.
    await this.held.keep(kept, [next.active ?? undefined, next.shadow ?? undefined, next.candidate?.model]);
  }

  private async candidate(rollout: Rollout | undefined): Promise<Serving['candidate']> {
    if (rollout === undefined) return null;
    const model = await this.tryHold(rollout.version, 'candidate');
    if (model === null) return null;
    const { candidate } = this.current;
    return candidate?.model === model ? candidate : { model, share: new RolloutShare(rollout) };
  }

  private async tryHold(
    version: string | undefined,
    role: LoadEvent['role'],
    refused?: (cause: ModelRefused) => void,
  ): Promise<ServedModel | null> {
    try {
      return await this.held.hold(version, role);
    } catch (cause) {
      if (!(cause instanceof ModelRefused)) throw cause;
      refused?.(cause);
      return null;
    }
  }
}

const same = (a: Serving, b: Serving): boolean =>
  a.active === b.active && a.candidate === b.candidate && a.shadow === b.shadow;
