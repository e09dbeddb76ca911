import { setTimeout as sleep } from 'node:timers/promises';
import { SharedDocument, type ControlStore } from '@fraud/platform';
import type { Door } from '@fraud/records';
import {
  BypassChangeRefused,
  NOTHING_AGREED,
  type AgreedBypass,
  type BypassRequest,
  type BypassState,
} from './bypass-state.js';

/** An instance looks so often at what was agreed on, ms: well within the two seconds in which all have to follow. */
const LOOK_EVERY_MS = 500;
const MINUTE_MS = 60_000;

/** What the environment says. */
export interface BypassSettings {
  /** BYPASS_MODE; undefined where it is not set: then it is as all instances agree. */
  readonly mode: boolean | undefined;
  readonly maxMinutes: number;
}

/**
 * Whether every transaction is to be approved unscored: by the environment, which wins where it is set, or by what all instances agreed
 * on. Either ends by itself: nobody is to forget it.
 */
export class Bypass {
  private readonly document: SharedDocument<AgreedBypass>;
  private readonly closing = new AbortController();
  private readonly startedMs = Date.now();
  private watching: Promise<void> = Promise.resolve();
  /** Until then this door is open; the only thing that is looked at for each transaction. */
  private untilMs = -Infinity;

  private constructor(
    private readonly settings: BypassSettings,
    control: ControlStore,
    /** Null: nobody comes in by this process. */
    private readonly door: Door | null,
  ) {
    this.document = new SharedDocument(control, 'bypass', NOTHING_AGREED);
    this.apply();
  }

  /** Looks once before it is asked, where that can be had. */
  static async open(settings: BypassSettings, control: ControlStore, door: Door | null): Promise<Bypass> {
    const bypass = new Bypass(settings, control, door);
    if (settings.mode !== undefined || door === null) return bypass;
    await bypass.look();
    bypass.watching = bypass.watch();
    return bypass;
  }

  get active(): boolean {
    return this.untilMs > Date.now();
  }

  /** Longest duration, minutes. */
  get maxMinutes(): number {
    return this.settings.maxMinutes;
  }

  get state(): BypassState {
    const { mode } = this.settings;
    if (mode !== undefined) {
      const on = {
        reason: 'BYPASS_MODE is true',
        author: 'the environment',
        since: new Date(this.startedMs).toISOString(),
        until: new Date(this.startedMs + this.settings.maxMinutes * MINUTE_MS).toISOString(),
        doors: this.door === null ? [] : [this.door],
      };
      return { active: this.active, by: 'environment', bypass: mode ? on : null };
    }
    return { active: this.active, by: 'agreement', bypass: this.document.current.bypass };
  }

  /**
   * Has every instance with one of these doors approve everything, until the time is over or somebody ends it.
   * @throws BypassChangeRefused, ControlContended, ControlUnavailable
   */
  async begin({ reason, author, minutes, doors }: BypassRequest): Promise<void> {
    this.refuseSet();
    const now = Date.now();
    await this.document.change((before) => ({
      ...before,
      bypass: {
        reason,
        author,
        since: new Date(now).toISOString(),
        until: new Date(now + minutes * MINUTE_MS).toISOString(),
        doors,
      },
      changed_at: new Date(now).toISOString(),
      changed_by: author,
    }));
    this.apply();
  }

  /**
   * Has every instance score again.
   * @returns false where there was nothing to end
   * @throws BypassChangeRefused, ControlContended, ControlUnavailable
   */
  async end(author: string): Promise<boolean> {
    this.refuseSet();
    const changed = await this.document.change((before) =>
      before.bypass === null
        ? before
        : { ...before, bypass: null, changed_at: new Date().toISOString(), changed_by: author },
    );
    this.apply();
    return changed;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.watching;
  }

  private refuseSet(): void {
    const { mode } = this.settings;
    if (mode === undefined) return;
    throw new BypassChangeRefused(`BYPASS_MODE=${mode} is set, and wins over what is agreed on here`);
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.look();
    }
  }

  private async look(): Promise<void> {
    try {
      await this.document.read();
    } catch {
      // Who watches the models reports it; what was known stays in force, until its time is over.
    }
    this.apply();
  }

  private apply(): void {
    const { by, bypass } = this.state;
    const meant = bypass !== null && this.door !== null && bypass.doors.includes(this.door);
    if (!meant) this.untilMs = -Infinity;
    else {
      const longestMs = Date.parse(bypass.since) + this.settings.maxMinutes * MINUTE_MS;
      // The setting bounds also what another instance, which has another one, allowed.
      this.untilMs = by === 'environment' ? longestMs : Math.min(longestMs, Date.parse(bypass.until));
    }
  }
}
