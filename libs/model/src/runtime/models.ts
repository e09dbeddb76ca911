import { setTimeout as sleep } from 'node:timers/promises';
import { rolloutName, type ControlDocument, type ControlStore, type Rollout } from '@fraud/platform';
import { ModelRefused } from '../model-refused.js';
import {
  activated,
  loaded,
  NOTHING_DESIRED,
  rolledBack,
  rolloutStopped,
  wanted,
  type Change,
  type ConfiguredModels,
  type DesiredModels,
  type StoppedRollout,
} from './desired.js';
import { HeldModels, type LoadEvent, type VersionSource } from './held-models.js';
import { RolloutShare } from './rollout-share.js';
import type { ServedModel } from './served-model.js';
import { NOTHING_SERVED, RolloutTally, type Serving, type ServingModels } from './serving.js';

/** An instance looks so often at what was agreed on, ms: well within the two seconds in which all have to follow. */
const LOOK_EVERY_MS = 500;
const DOCUMENT = 'models';
/** Changes that cross are tried again. */
const MOST_ATTEMPTS = 10;

/** Told what happens to the models of this process. */
export interface ModelsObserver {
  loaded(event: LoadEvent): void;
  /** Other models score now. */
  swapped(serving: Serving): void;
  rolloutStopped(stopped: StoppedRollout): void;
  /** What was agreed on cannot be read, or what a rollout did cannot be counted: told at every look. */
  controlLost(cause: unknown): void;
}

/** Why an administrator's change was not made. */
export class ModelChangeRefused extends Error {
  override readonly name = 'ModelChangeRefused';

  constructor(
    readonly code: 'model_set_by_environment' | 'nothing_to_roll_back' | 'control_contended',
    message: string,
  ) {
    super(message);
  }
}

/** What a rollout did within the window, over all instances. */
export interface RolloutCounts {
  readonly decisions: number;
  /** Rows that were its to decide, and got no usable score from it. */
  readonly errors: number;
  readonly declines: number;
}

/** When a rollout must end. */
interface RolloutGuard {
  readonly windowMinutes: number;
  /** Why it must; null where it may go on. */
  verdict(counts: RolloutCounts): string | null;
}

export interface ModelsOptions {
  readonly source: VersionSource;
  readonly control: ControlStore;
  readonly configured: ConfiguredModels;
  readonly guard: RolloutGuard;
  readonly observer: ModelsObserver;
  /** Default: 500. */
  readonly lookEveryMs?: number;
}

/**
 * The models of a process: holds what the environment and all instances together ask for, follows when that changes, and
 * keeps what it has where a new one is refused.
 */
export class Models implements ServingModels {
  readonly tally = new RolloutTally();
  private current: Serving = NOTHING_SERVED;
  private agreed: DesiredModels = NOTHING_DESIRED;
  private counted: RolloutCounts = { decisions: 0, errors: 0, declines: 0 };
  private readonly held: HeldModels;
  private readonly closing = new AbortController();
  private watching: Promise<void> = Promise.resolve();
  /** Why there is no active model. */
  private cause: ModelRefused | null = null;

  private constructor(private readonly options: ModelsOptions) {
    this.held = new HeldModels(options.source, (event) => {
      options.observer.loaded(event);
    });
  }

  /**
   * Loads what is asked for. A registry that does not answer is no reason not to start, nor is one of whose versions none was
   * chosen yet: there is no model then, until there is.
   * @throws ModelRefused where the active model is there, but must not run
   */
  static async open(options: ModelsOptions): Promise<Models> {
    const models = new Models(options);
    await models.look();
    const { cause } = models;
    if (models.current.active === null && cause !== null && !(await models.mayComeYet(cause))) throw cause;
    models.watching = models.watch();
    return models;
  }

  get serving(): Serving {
    return this.current;
  }

  get desired(): DesiredModels {
    return this.agreed;
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
    return this.counted;
  }

  /**
   * Has every instance hold a version ready.
   * @throws ModelRefused, ControlUnavailable
   */
  async load(version: string, by: string): Promise<void> {
    await this.held.hold(version, 'ready', true);
    await this.change(() => loaded(version), by);
  }

  /**
   * Has every instance decide by a version; this one checks it first.
   * @throws ModelRefused, ModelChangeRefused, ControlUnavailable
   */
  async activate(version: string, by: string): Promise<void> {
    this.refusePinned();
    await this.held.hold(version, 'ready', true);
    await this.change(() => activated(version, this.runningVersion()), by);
  }

  /**
   * Has every instance decide by what decided before.
   * @throws ModelRefused, ModelChangeRefused, ControlUnavailable
   */
  async rollback(by: string): Promise<void> {
    this.refusePinned();
    await this.look();
    const { previous } = this.agreed;
    if (previous !== null) await this.held.hold(previous, 'ready', true);
    await this.change((desired) => {
      const change = rolledBack(desired, this.runningVersion());
      if (change !== null) return change;
      throw new ModelChangeRefused('nothing_to_roll_back', 'no other model was active before');
    }, by);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.watching;
    this.current = NOTHING_SERVED;
    await this.held.keep(new Set(), []);
    await this.options.control.close();
  }

  private async mayComeYet({ reason }: ModelRefused): Promise<boolean> {
    if (reason === 'registry_unavailable') return true;
    const { source, configured } = this.options;
    if (reason !== 'not_found' || configured.active !== undefined || this.agreed.active !== null)
      return false;
    const versions = await source.versions().catch(() => []);
    return versions.length > 0;
  }

  /** Null where none runs, nor was asked for: there is nothing to come back to then. */
  private runningVersion(): string | null {
    return this.current.active?.version ?? this.agreed.active;
  }

  private refusePinned(): void {
    const { active } = this.options.configured;
    if (active === undefined) return;
    throw new ModelChangeRefused(
      'model_set_by_environment',
      `MODEL_VERSION=${active} is set, and wins over what is agreed on here`,
    );
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await sleep(this.options.lookEveryMs ?? LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(
        () => undefined,
      );
      if (signal.aborted) return;
      await this.look();
      await this.guard();
    }
  }

  /** Follows what is agreed on; where that cannot be read, stays with what is known. */
  private async look(): Promise<void> {
    try {
      await this.adopt(await this.options.control.read(DOCUMENT));
    } catch (cause) {
      this.options.observer.controlLost(cause);
    }
    await this.follow();
  }

  private async adopt(document: ControlDocument | null): Promise<void> {
    const revision = document?.revision ?? 0;
    if (revision > this.agreed.revision) this.agreed = { ...NOTHING_DESIRED, ...document };
    // Redis lost it, or came back with an older one: whoever knows better says so.
    else if (revision < this.agreed.revision)
      await this.options.control.replace(DOCUMENT, revision, this.agreed);
  }

  /**
   * @returns false where everything is as it should become
   * @throws ModelChangeRefused, ControlUnavailable
   */
  private async change(toChange: (desired: DesiredModels) => Change, by: string): Promise<boolean> {
    const { control } = this.options;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      await this.adopt(await control.read(DOCUMENT));
      const before = this.agreed;
      const changed = toChange(before)(before);
      if (changed === before) return false;
      const next: DesiredModels = {
        ...changed,
        revision: before.revision + 1,
        changed_at: new Date().toISOString(),
        changed_by: by,
      };
      if (!(await control.replace(DOCUMENT, before.revision, next))) continue;
      this.agreed = next;
      await this.follow();
      return true;
    }
    throw new ModelChangeRefused('control_contended', `others changed it ${MOST_ATTEMPTS} times meanwhile`);
  }

  private following: Promise<void> = Promise.resolve();

  /** Loads and lets go until this process holds what is wanted; one after another. */
  private follow(): Promise<void> {
    this.following = this.following.catch(() => undefined).then(() => this.reconcile());
    return this.following;
  }

  private async reconcile(): Promise<void> {
    const { active, shadow, rollout, ready } = wanted(this.options.configured, this.agreed);
    const { current } = this;
    // What decides comes first; where it is refused, what decided before goes on.
    const next: Serving = {
      active: await this.tryHold(active, 'active', (cause) => (this.cause = cause)).then(
        (m) => m ?? current.active,
      ),
      candidate: await this.candidate(rollout),
      shadow: shadow === undefined ? null : await this.tryHold(shadow, 'shadow'),
    };
    if (!same(next, current)) {
      this.current = next;
      this.options.observer.swapped(next);
    }
    for (const version of ready) await this.tryHold(version, 'ready');
    const kept = new Set<string | undefined>([active, shadow, rollout?.version, ...ready]);
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

  /** Counts what the rollout did, over all instances, and ends it for all of them when it leaves its bounds. */
  private async guard(): Promise<void> {
    const { rollout } = wanted(this.options.configured, this.agreed);
    if (rollout === undefined) return;
    const { guard, observer } = this.options;
    const name = rolloutName(rollout);
    try {
      await this.count(name);
      const reason = guard.verdict(this.counted);
      if (reason === null) return;
      const stopped = { rollout: name, reason, at: new Date().toISOString() };
      if (await this.change(() => rolloutStopped(stopped), 'rollout guard')) observer.rolloutStopped(stopped);
      else await this.follow();
    } catch (cause) {
      observer.controlLost(cause);
    }
  }

  private async count(rollout: string): Promise<void> {
    const { guard, control } = this.options;
    const taken = this.tally.take();
    const minute = Math.floor(Date.now() / 60_000);
    try {
      const sums = await control.count(`rollout:${rollout}`, minute, guard.windowMinutes, taken);
      const { decisions = 0, errors = 0, declines = 0 } = sums;
      this.counted = { decisions, errors, declines };
    } catch (cause) {
      // Counted with the next look.
      this.tally.add(taken.decisions, taken.errors, taken.declines);
      throw cause;
    }
  }
}

const same = (a: Serving, b: Serving): boolean =>
  a.active === b.active && a.candidate === b.candidate && a.shadow === b.shadow;
