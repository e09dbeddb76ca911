import { beginningOf, DEPTH, timeBeyond } from './depth.js';
import { Distinct } from './distinct.js';
import { LABEL_DELAY_MS, WINDOW_MS, type Window } from '../catalogue/feature.js';
import {
  CARD_EVENT_BYTES,
  eventAmount,
  eventCountry,
  eventDevice,
  eventIp,
  eventIsFraud,
  eventIsLocated,
  eventLatitude,
  eventLongitude,
  eventMerchant,
  eventTimeMs,
  viewOf,
  type CardEvent,
} from './card-event.js';

/** Windows in ascending order; a window's index is its place in the totals below. */
export const CARD_WINDOWS = ['1h', '6h', '24h', '7d', '30d'] as const satisfies readonly Window[];
const AGES = CARD_WINDOWS.map((w) => WINDOW_MS[w]);
const LONGEST = AGES.at(-1)!;

/**
 * What a card did before the current event, as of the current event's own time: exact windows (t − w, t]
 * over the events that arrived before it, whatever their order of arrival. Reused from row to row.
 */
export class CardHistory {
  /** Events per window, the current one not counted. */
  readonly count = new Float64Array(AGES.length);
  /** Events with a known amount per window, and the sum, sum of squares and maximum of these amounts. */
  readonly amounts = new Float64Array(AGES.length);
  readonly sum = new Float64Array(AGES.length);
  readonly squares = new Float64Array(AGES.length);
  readonly max = new Float64Array(AGES.length);
  /** Merchants of the last 24 hours and 7 days, the current one not included. */
  readonly merchants24h = new Distinct();
  readonly merchants7d = new Distinct();
  /** Events of 30 days, as of the label delay before the current event, and the known frauds among them. */
  judged = 0;
  frauds = 0;
  /** Time of the last event at or before the current one; −1 = none. */
  lastMs = -1;
  merchantSeen = false;
  anyDevice = false;
  deviceSeen = false;
  anyIp = false;
  ipSeen = false;
  anyCountry = false;
  countrySeen = false;
  /** The last located event at or before the current one; −1 = none. */
  placeMs = -1;
  latitude = NaN;
  longitude = NaN;
  /** Time of the last event that is not looked at any more; −Infinity = none. */
  beyondMs = -Infinity;

  /** Reads the log of what arrived before the current event. */
  read(log: Buffer, current: CardEvent): void {
    this.reset();
    const now = current.timeMs;
    const view = viewOf(log);
    const beginning = beginningOf(log, CARD_EVENT_BYTES, DEPTH.card);
    this.beyondMs = timeBeyond(view, beginning, CARD_EVENT_BYTES);
    for (let at = beginning; at + CARD_EVENT_BYTES <= log.length; at += CARD_EVENT_BYTES) {
      const time = eventTimeMs(view, at);
      // An event of the future: it arrived earlier, but from this event's view it has not happened.
      if (time <= now) this.take(view, at, time, current);
    }
    this.accumulate();
  }

  private take(log: DataView, at: number, time: number, current: CardEvent): void {
    if (time >= this.lastMs) this.lastMs = time;
    const merchant = eventMerchant(log, at);
    if (merchant === current.merchant) this.merchantSeen = true;
    const device = eventDevice(log, at);
    if (device !== 0) {
      this.anyDevice = true;
      if (device === current.device) this.deviceSeen = true;
    }
    const ip = eventIp(log, at);
    if (ip !== 0) {
      this.anyIp = true;
      if (ip === current.ip) this.ipSeen = true;
    }
    const country = eventCountry(log, at);
    if (country !== 0) {
      this.anyCountry = true;
      if (country === current.country) this.countrySeen = true;
    }
    if (time >= this.placeMs && eventIsLocated(log, at)) {
      this.placeMs = time;
      this.latitude = eventLatitude(log, at);
      this.longitude = eventLongitude(log, at);
    }
    const age = current.timeMs - time;
    if (age >= LABEL_DELAY_MS && age < LABEL_DELAY_MS + LONGEST) {
      this.judged += 1;
      if (eventIsFraud(log, at)) this.frauds += 1;
    }
    if (age >= LONGEST) return;
    if (age < WINDOW_MS['7d']) this.merchants7d.add(merchant);
    if (age < WINDOW_MS['24h']) this.merchants24h.add(merchant);
    // Into the shortest window that holds it; `accumulate` adds the shorter windows to the longer.
    let w = 0;
    while (age >= AGES[w]!) w++;
    this.count[w]! += 1;
    const amount = eventAmount(log, at);
    if (Number.isNaN(amount)) return;
    this.amounts[w]! += 1;
    this.sum[w]! += amount;
    this.squares[w]! += amount * amount;
    if (amount > this.max[w]!) this.max[w] = amount;
  }

  private accumulate(): void {
    for (let w = 1; w < AGES.length; w++) {
      this.count[w]! += this.count[w - 1]!;
      this.amounts[w]! += this.amounts[w - 1]!;
      this.sum[w]! += this.sum[w - 1]!;
      this.squares[w]! += this.squares[w - 1]!;
      this.max[w] = Math.max(this.max[w]!, this.max[w - 1]!);
    }
  }

  private reset(): void {
    this.count.fill(0);
    this.amounts.fill(0);
    this.sum.fill(0);
    this.squares.fill(0);
    this.max.fill(-1);
    this.merchants24h.clear();
    this.merchants7d.clear();
    this.judged = 0;
    this.frauds = 0;
    this.lastMs = -1;
    this.placeMs = -1;
    this.latitude = NaN;
    this.longitude = NaN;
    this.merchantSeen = false;
    this.anyDevice = false;
    this.deviceSeen = false;
    this.anyIp = false;
    this.ipSeen = false;
    this.anyCountry = false;
    this.countrySeen = false;
  }
}
