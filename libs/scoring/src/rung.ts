import type { Pace } from './pace.js';

/**
 * How much of a decision there is time for: all of it; features without history and the model; or the policy's fail action alone.
 */
export type Rung = 'whole' | 'without_state' | 'nothing';

/** The store gets at least so long, ms: with less, a busy process would blame a store that is well. */
export const LEAST_FOR_STORE_MS = 2;

/** Timers are late by so much, ms: what follows on a store that is cut off needs its time nevertheless. */
export const TIMERS_LATE_MS = 2;

/** @param leftMs until the answer is due */
export function rungOf(leftMs: number, rows: number, pace: Pace): Rung {
  const spare = leftMs - pace.rest - pace.model(rows);
  if (spare >= LEAST_FOR_STORE_MS) return 'whole';
  return spare >= 0 ? 'without_state' : 'nothing';
}
