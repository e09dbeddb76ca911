import { beginningOf, timeBeyond } from './depth.js';
import { Distinct } from './distinct.js';
import { EVENT_ID_BYTES, eventTimeMs, viewOf, type CardEvent } from './card-event.js';

/**
 * One event of a device's or an address's log, 16 bytes, little-endian; it begins as a card's event does:
 *
 *     0  6  event hash (of the transaction id)
 *     6  6  event time, ms since the epoch
 *    12  4  card hash
 */
export const VISIT_BYTES = 16;

const HOUR_MS = 3_600_000;
/** Longest window of a device or an address. */
export const VISIT_WINDOW_MS = 86_400_000;

/** Writes an event at an offset of a buffer. */
export function writeVisit(event: CardEvent, card: number, eventHash: Buffer, out: Buffer, at: number): void {
  eventHash.copy(out, at, 0, EVENT_ID_BYTES);
  out.writeUIntLE(event.timeMs, at + 6, 6);
  out.writeUInt32LE(card, at + 12);
}

/**
 * What a device or an address did before the current event, as of its own time: exact windows (t − w, t] over the events
 * that arrived before it. Reused from row to row.
 */
export class VisitHistory {
  count1h = 0;
  count24h = 0;
  /** Cards of the last 24 hours. */
  readonly cards24h = new Distinct();
  /** Time of the last event that is not looked at any more; −Infinity = none. */
  beyondMs = -Infinity;

  /** @param depth how many events are looked at */
  constructor(private readonly depth: number) {}

  /** @param log what arrived before the current event */
  read(log: Buffer, current: CardEvent): void {
    this.count1h = 0;
    this.count24h = 0;
    this.cards24h.clear();
    const view = viewOf(log);
    const beginning = beginningOf(log, VISIT_BYTES, this.depth);
    this.beyondMs = timeBeyond(view, beginning, VISIT_BYTES);
    for (let at = beginning; at + VISIT_BYTES <= log.length; at += VISIT_BYTES) {
      const age = current.timeMs - eventTimeMs(view, at);
      // From this event's view an event of the future has not happened.
      if (age < 0 || age >= VISIT_WINDOW_MS) continue;
      this.count24h += 1;
      if (age < HOUR_MS) this.count1h += 1;
      this.cards24h.add(view.getUint32(at + 12, true));
    }
  }
}
