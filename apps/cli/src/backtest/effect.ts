import type { Outcome } from '@fraud/contract';

/** How far a decision is changed for the customer; a transaction whose decision is changed without that has none. */
export const EFFECTS = [
  'newly_stopped',
  'newly_challenged',
  'no_longer_stopped',
  'no_longer_challenged',
] as const;
export type Effect = (typeof EFFECTS)[number];

/** Review and decline stop a transaction, step_up challenges it. */
const LEVELS: Readonly<Record<Outcome, number>> = { approve: 0, step_up: 1, review: 2, decline: 2 };

/** What a change does; null where the transaction fares as before. */
export function effectOf(was: Outcome, wouldBe: Outcome): Effect | null {
  const before = LEVELS[was];
  const after = LEVELS[wouldBe];
  if (before === after) return null;
  if (after === 2) return 'newly_stopped';
  if (before === 2) return 'no_longer_stopped';
  return after === 1 ? 'newly_challenged' : 'no_longer_challenged';
}
