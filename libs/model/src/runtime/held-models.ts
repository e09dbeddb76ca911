import { ModelRefused } from '../model-refused.js';
import type { RefusalReason } from '../refusals.js';
import type { ModelSource } from '../source/model-source.js';
import { ServedModel } from './served-model.js';

/** What is asked of a source here. */
export type VersionSource = Pick<ModelSource, 'load' | 'versions'>;

export const MODEL_ROLES = ['active', 'shadow', 'candidate', 'ready'] as const;
export type ModelRole = (typeof MODEL_ROLES)[number];

/** One attempt to load a model. */
export interface LoadEvent {
  readonly at: string;
  /** What was asked for; null: whatever is there. */
  readonly version: string | null;
  readonly role: ModelRole;
  /** Null: it was loaded. */
  readonly refused: { readonly code: RefusalReason; readonly message: string } | null;
  readonly milliseconds: number;
}

/** Attempts that can be looked up. */
const MOST_EVENTS = 50;
/** A version that was refused is tried again after so long, twice as long each time, ms. */
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

/** The models in this process's memory, by what they were asked for. */
export class HeldModels {
  private readonly held = new Map<string | undefined, ServedModel>();
  private readonly loading = new Map<string | undefined, Promise<ServedModel>>();
  private readonly refused = new Map<
    string | undefined,
    { untilMs: number; pauseMs: number; cause: ModelRefused }
  >();
  private readonly events: LoadEvent[] = [];

  constructor(
    private readonly source: VersionSource,
    private readonly onLoad: (event: LoadEvent) => void,
  ) {}

  /** The last attempts, newest first. */
  get history(): readonly LoadEvent[] {
    return this.events;
  }

  /**
   * The model of a version, loaded where it is not held. One that was refused is refused again for a while.
   * @param anew try it even so
   * @throws ModelRefused
   */
  async hold(version: string | undefined, role: ModelRole, anew = false): Promise<ServedModel> {
    const held = this.held.get(version) ?? this.named(version);
    if (held !== undefined) return held;
    const refused = this.refused.get(version);
    if (!anew && refused !== undefined && performance.now() < refused.untilMs) throw refused.cause;
    const under = this.loading.get(version);
    if (under !== undefined) return await under;
    const loading = this.load(version, role).finally(() => this.loading.delete(version));
    this.loading.set(version, loading);
    return await loading;
  }

  /** Lets go of all but these versions, and these models. */
  async keep(
    versions: ReadonlySet<string | undefined>,
    models: readonly (ServedModel | undefined)[],
  ): Promise<void> {
    for (const version of this.refused.keys()) if (!versions.has(version)) this.refused.delete(version);
    const others = [...this.held].filter(
      ([version, model]) => !versions.has(version) && !models.includes(model),
    );
    for (const [version] of others) this.held.delete(version);
    // One that cannot be freed is no reason not to go on.
    await Promise.allSettled(others.map(([, model]) => model.retire()));
  }

  /** The model that was there without a version having been asked for, now that it is asked for by its version. */
  private named(version: string | undefined): ServedModel | undefined {
    const model = this.held.get(undefined);
    if (model === undefined || model.version !== version) return undefined;
    this.held.delete(undefined);
    this.held.set(version, model);
    return model;
  }

  private async load(version: string | undefined, role: ModelRole): Promise<ServedModel> {
    const startedAt = performance.now();
    try {
      const model = await this.source.load(version);
      const served = new ServedModel(version ?? model.manifest.version, model, new Date());
      this.held.set(version, served);
      this.refused.delete(version);
      this.note(version, role, null, startedAt);
      return served;
    } catch (cause) {
      const refusal =
        cause instanceof ModelRefused
          ? cause
          : new ModelRefused('not_loadable', cause instanceof Error ? cause.message : String(cause));
      const pauseMs = Math.min(LAST_RETRY_MS, 2 * (this.refused.get(version)?.pauseMs ?? FIRST_RETRY_MS / 2));
      this.refused.set(version, { untilMs: performance.now() + pauseMs, pauseMs, cause: refusal });
      this.note(version, role, refusal, startedAt);
      throw refusal;
    }
  }

  private note(
    version: string | undefined,
    role: ModelRole,
    cause: ModelRefused | null,
    startedAt: number,
  ): void {
    const event: LoadEvent = {
      at: new Date().toISOString(),
      version: version ?? null,
      role,
      refused: cause === null ? null : { code: cause.reason, message: cause.message },
      milliseconds: Math.round(performance.now() - startedAt),
    };
    this.events.unshift(event);
    this.events.length = Math.min(this.events.length, MOST_EVENTS);
    this.onLoad(event);
  }
}
