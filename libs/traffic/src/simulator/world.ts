import { type Cardholder, createCardholder } from './cardholder.js';
import { type City, HOME_CITIES } from './cities.js';
import { Market } from './merchants.js';
import type { Merchant } from './merchants.js';
import type { Simulation } from './options.js';

/** Everything that exists while a simulation runs. Grows with cards and merchants, not with transactions. */
export interface World {
  readonly simulation: Simulation;
  readonly homes: readonly City[];
  readonly market: Market;
  readonly holders: readonly Cardholder[];
  /** Skimmed merchants and the cards seen there while it lasted. */
  readonly skimmers: Map<Merchant, Set<Cardholder>>;
}

/** Builds the population. A small one lives in few cities, so that merchants still have customers. */
export function createWorld(simulation: Simulation): World {
  const cities = Math.min(HOME_CITIES.length, Math.max(4, Math.round(simulation.cards / 150)));
  const homes = HOME_CITIES.slice(0, cities);
  return {
    simulation,
    homes,
    market: new Market(simulation.seed, simulation.tag, simulation.merchants, homes),
    holders: Array.from({ length: simulation.cards }, (_, i) => createCardholder(simulation, i, homes)),
    skimmers: new Map(),
  };
}
