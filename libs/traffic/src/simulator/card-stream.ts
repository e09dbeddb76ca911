import type { Timed } from '../order/time-heap.js';
import type { Cardholder } from './cardholder.js';
import { planDay } from './day-plan.js';
import { DAY_MS } from './options.js';
import type { Purchase } from './purchase.js';
import type { World } from './world.js';

/** The genuine purchases of one holder in order of time; holds a day's plan, never more than a few purchases. */
export class CardStream implements Timed {
  at = 0;
  purchase: Purchase | null = null;
  readonly scenario = null;
  /** Latest first, so that the next one is cheap to take. */
  private readonly pending: Purchase[] = [];
  private nextDayMs: number;

  constructor(
    private readonly world: World,
    private readonly holder: Cardholder,
    readonly order: number,
  ) {
    this.nextDayMs = Math.floor(world.simulation.startMs / DAY_MS) * DAY_MS;
  }

  /** Moves to the next purchase; false at the end of the period. */
  advance(): boolean {
    const { pending } = this;
    const { startMs, endMs } = this.world.simulation;
    for (;;) {
      while (this.nextDayMs < endMs && (pending.length === 0 || pending.at(-1)!.at >= this.nextDayMs)) {
        pending.push(...planDay(this.world, this.holder, this.nextDayMs));
        pending.sort((a, b) => b.at - a.at);
        this.nextDayMs += DAY_MS;
      }
      const next = pending.pop();
      if (next === undefined || next.at >= endMs) return false;
      if (next.at < startMs) continue;
      this.at = next.at;
      this.purchase = next;
      return true;
    }
  }

  /** Whether it takes place: not while the card is blocked; with the card that the holder has by then. */
  settle(purchase: Purchase): boolean {
    const { holder } = this;
    if (purchase.at < holder.blockedUntilMs) return false;
    purchase.cardId = holder.cardId;
    if (purchase.terminal >= 0) {
      holder.lastSeen = { at: purchase.at, merchant: purchase.merchant };
      if (this.world.skimmers.size > 0) this.world.skimmers.get(purchase.merchant)?.add(holder);
    }
    return true;
  }
}
