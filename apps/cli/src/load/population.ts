import { cardsFor } from '@fraud/traffic';
import { whole } from '../report/table.js';
import { UserError } from '../user-error.js';

/** The most cards that the simulator keeps. */
export const MOST_CARDS = 5_000_000;
/** Flat out, nobody knows how many will be sent: a population that keeps a fast server busy for a while. */
const FLAT_OUT_TPS = 5000;

export interface Wanted {
  /** 0 = flat out. */
  readonly tps: number;
  readonly durationMs: number;
  readonly days: number;
  readonly cards?: number | undefined;
}

/**
 * Number of cards: the given one, or enough for rate × duration.
 * @param margin populations differ: makes sure that the traffic does not end before the time
 * @throws UserError when the options together ask for less than one transaction or for too many cards
 */
export function population({ tps, durationMs, days, cards }: Wanted, margin = 1): number {
  const transactions = ((tps > 0 ? tps : FLAT_OUT_TPS) * durationMs) / 1000;
  const asked = `--tps ${tps} for --duration ${(durationMs / 1000).toLocaleString('en-US')}s`;
  if (Math.round(transactions) < 1) {
    throw new UserError(`${asked} is less than one transaction: raise --tps or --duration`);
  }
  if (cards !== undefined) return cards;
  const enough = cardsFor(transactions * margin, days);
  if (enough <= MOST_CARDS) return enough;
  throw new UserError(
    `${asked} needs ${whole(enough)} cards, and ${whole(MOST_CARDS)} is the most: ` +
      'lower --duration or --tps, raise --days, or give --cards',
  );
}
