import { setTimeout as sleep } from 'node:timers/promises';
import { GUARD_SIDES, type Decision, type GuardSide } from '@fraud/contract';
import { SharedDocument, type ControlDocument, type ControlStore } from '@fraud/platform';
import { CALM_GUARD, look, type GuardCounts, type GuardPolicy, type GuardState } from '@fraud/policy';

const LOOK_EVERY_MS = 1000;
/** Parts of a window in which decisions are counted. */
const PARTS = 10;
/** The share of declines that is usual: each window counts half after so long. */
const HALF_LIFE_S = 86_400;
/** So many decisions make it known. */
const KNOWN_FROM = 1000;

/** What is usual, as all instances have counted it. */
interface UsualDeclines extends ControlDocument {
  readonly decisions: number;
  readonly declines: number;
  /** The last part of a window that is in it, by its number. */
  readonly part: number;
}

const NOTHING: UsualDeclines = { revision: 0, decisions: 0, declines: 0, part: 0 };

/**
 * Counts decisions over all instances, and says when too much is declined, or decided without a score. Where instances cannot reach what
 * they share, each goes on with its own counts: that is when they are needed.
 */
export class GuardWatch {
  private readonly usual: SharedDocument<UsualDeclines>;
  private readonly closing = new AbortController();
  private readonly own = new Map<number, GuardCounts>();
  private current: GuardState = CALM_GUARD;
  private counted = { decisions: 0, declines: 0, unscored: 0 };
  private watching: Promise<void> = Promise.resolve();

  /** @param changed told when a side trips or clears */
  constructor(
    private readonly control: ControlStore,
    private readonly policy: () => GuardPolicy,
    private readonly changed: (state: GuardState, sides: readonly GuardSide[]) => void,
  ) {
    this.usual = new SharedDocument(control, 'guard', NOTHING);
  }

  get state(): GuardState {
    return this.current;
  }

  start(): void {
    this.watching = this.watch();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.watching;
  }

  /** A transaction was decided, for the first time. */
  note({ decision, source, guard }: Decision): void {
    this.counted.decisions += 1;
    if (source === 'fallback' || source === 'bypass') this.counted.unscored += 1;
    // What a safe mode reviews would be declined: else it would clear itself.
    else if (decision === 'decline' || guard === 'declines') this.counted.declines += 1;
  }

  /** Looks at what was decided until now; once started it does so every second. */
  async look(nowMs: number): Promise<void> {
    const policy = this.policy();
    const partMs = (policy.window_seconds * 1000) / PARTS;
    const part = Math.floor(nowMs / partMs);
    const taken = this.counted;
    this.counted = { decisions: 0, declines: 0, unscored: 0 };
    const own = this.addOwn(part, taken);
    let counts = own;
    try {
      counts = withNothing(
        await this.control.count(
          `guard:${policy.window_seconds}`,
          { at: part, periods: PARTS, periodMs: partMs },
          taken,
        ),
      );
      await this.learn(part, partMs, policy);
    } catch {
      // Who watches the models reports it.
    }
    const { decisions, declines } = this.usual.current;
    const baseline = decisions < KNOWN_FROM ? null : declines / decisions;
    const before = this.current;
    this.current = look(before, counts, baseline, nowMs, policy);
    const sides = GUARD_SIDES.filter((side) => this.current[side].tripped !== before[side].tripped);
    if (sides.length > 0) this.changed(this.current, sides);
  }

  private async watch(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.look(Date.now());
    }
  }

  /** @returns those of this process within the window */
  private addOwn(part: number, taken: GuardCounts): GuardCounts {
    this.own.set(part, sum([this.own.get(part), taken]));
    // Also those of a window that was another one.
    for (const other of this.own.keys()) if (other <= part - PARTS || other > part) this.own.delete(other);
    return sum([...this.own.values()]);
  }

  /** Takes parts that are over into what is usual; one instance does. Not while too much is declined: an attack is not to become usual. */
  private async learn(part: number, partMs: number, { window_seconds: window }: GuardPolicy): Promise<void> {
    await this.usual.read();
    if (this.current.declines.tripped || this.usual.current.part >= part - 1) return;
    const { decisions, declines } = withNothing(
      await this.control.count(`guard:${window}`, { at: part - 1, periods: 1, periodMs: partMs }, {}),
    );
    if (decisions === 0) return;
    const kept = 0.5 ** (partMs / 1000 / HALF_LIFE_S);
    await this.usual.change((before) =>
      before.part >= part - 1
        ? before
        : {
            ...before,
            decisions: before.decisions * kept + decisions,
            declines: before.declines * kept + declines,
            part: part - 1,
          },
    );
  }
}

const withNothing = (sums: Readonly<Record<string, number>>): GuardCounts => ({
  decisions: sums['decisions'] ?? 0,
  declines: sums['declines'] ?? 0,
  unscored: sums['unscored'] ?? 0,
});

function sum(all: readonly (GuardCounts | undefined)[]): GuardCounts {
  const total = { decisions: 0, declines: 0, unscored: 0 };
  for (const one of all) {
    total.decisions += one?.decisions ?? 0;
    total.declines += one?.declines ?? 0;
    total.unscored += one?.unscored ?? 0;
  }
  return total;
}
