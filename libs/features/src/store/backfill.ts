import { CARD_EVENT_BYTES, eventCameLate, eventTimeMs, viewOf } from '../state/card-event.js';
import { VISIT_BYTES, VISIT_WINDOW_MS } from '../state/visit.js';
import { CARD_LOG_CAP } from './store.js';

/**
 * The youngest time that an event which the log has lost may have, ms: until then, what is not in the log may have been.
 * −Infinity while a log is too short to have lost any.
 *
 * All that came before an event which was not late is as old as it or older, so the first such event tells. Where every one
 * of a full log came late, nothing does.
 * @param cardLog as Redis keeps it: the embedded store, which no backfill outlives, does not mark what came late
 */
export function forgottenUntilMs(cardLog: Buffer): number {
  if (cardLog.length <= CARD_LOG_CAP * CARD_EVENT_BYTES) return -Infinity;
  const log = viewOf(cardLog);
  for (let at = 0; at + CARD_EVENT_BYTES <= cardLog.length; at += CARD_EVENT_BYTES) {
    if (!eventCameLate(log, at)) return eventTimeMs(log, at);
  }
  return Infinity;
}

/**
 * Whether a visit is so much older than one in the log of its device or address that no window of what comes next reaches it.
 * There it would only push out younger ones, since logs forget in order of arrival.
 */
export function isPastVisit(visitLog: Buffer, visit: Buffer): boolean {
  const log = viewOf(visitLog);
  const youngestNeeded = eventTimeMs(viewOf(visit), 0) + VISIT_WINDOW_MS;
  for (let at = 0; at + VISIT_BYTES <= visitLog.length; at += VISIT_BYTES) {
    if (eventTimeMs(log, at) >= youngestNeeded) return true;
  }
  return false;
}
