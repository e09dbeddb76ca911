import { CATEGORIES } from './categories.js';
import type { City } from './cities.js';
import { DESTINATIONS } from './cities.js';
import { cumulate, Random } from './random.js';

export interface Merchant {
  readonly index: number;
  readonly id: string;
  readonly category: number;
  readonly online: boolean;
  /** Where the shop stands, or where the online shop is registered. */
  readonly city: City;
  /** Coordinates as the acquirer reports them. */
  readonly latitude: number;
  readonly longitude: number;
  /** Multiplies amounts. */
  readonly priceLevel: number;
  /** Terminal ids; none online. */
  readonly terminals: readonly string[];
}

/** Merchants that can be swapped for each other: one category in one city, or one category online. */
export interface MerchantGroup {
  readonly merchants: readonly Merchant[];
  /** Running totals of popularity. */
  readonly popularity: Float64Array;
}

/** All merchants, found by where they sell what. */
export class Market {
  readonly merchants: Merchant[] = [];
  private readonly online: MerchantGroup[] = [];
  private readonly local = new Map<City, (MerchantGroup | undefined)[]>();

  /** @param wanted number of merchants; small numbers are raised until every city sells every category */
  constructor(seed: number, tag: string, wanted: number, homes: readonly City[]) {
    const random = new Random(seed, 1);
    const cities = [...homes, ...DESTINATIONS];
    const onlineWeight = sum(CATEGORIES.map((c) => (sellsOnline(c.venue) ? c.weight + 1 : 0)));
    const localWeight = sum(CATEGORIES.map((c) => (sellsLocally(c.venue) ? Math.sqrt(c.weight) : 0)));
    const cityWeight = sum(cities.map((c, i) => (i < homes.length ? c.weight * 2 : c.weight * 0.3)));
    CATEGORIES.forEach((category, index) => {
      if (!sellsOnline(category.venue)) return;
      const count = Math.max(3, Math.round((wanted * 0.25 * (category.weight + 1)) / onlineWeight));
      this.online[index] = this.group(random, tag, index, count, () => registered(random, homes), true);
    });
    cities.forEach((city, i) => {
      const share = (i < homes.length ? city.weight * 2 : city.weight * 0.3) / cityWeight;
      const groups = CATEGORIES.map((category, index) => {
        if (!sellsLocally(category.venue)) return undefined;
        const count = Math.round((wanted * 0.75 * share * Math.sqrt(category.weight)) / localWeight);
        return this.group(random, tag, index, Math.max(1, count), () => city, false, homes);
      });
      this.local.set(city, groups);
    });
  }

  /** Sellers of a category online; undefined if it is not sold so. */
  onlineGroup(category: number): MerchantGroup | undefined {
    return this.online[category];
  }

  /** Sellers of a category in a city; undefined if it is not sold in shops. */
  localGroup(city: City, category: number): MerchantGroup | undefined {
    return this.local.get(city)?.[category];
  }

  private group(
    random: Random,
    tag: string,
    category: number,
    count: number,
    place: () => City,
    online: boolean,
    homes: readonly City[] = [],
  ): MerchantGroup {
    const merchants = Array.from({ length: count }, () => {
      const city = place();
      // Some acquirers report the head office instead of the shop: genuine "impossible" distances.
      const reported = !online && random.chance(0.005) && homes.length > 0 ? random.pick(homes) : city;
      const merchant = create(random, tag, this.merchants.length, category, city, reported, online);
      this.merchants.push(merchant);
      return merchant;
    });
    return { merchants, popularity: cumulate(merchants.map((_, rank) => (rank + 1) ** -0.7)) };
  }
}

function create(
  random: Random,
  tag: string,
  index: number,
  category: number,
  city: City,
  reported: City,
  online: boolean,
): Merchant {
  const id = `merchant-${tag}-${index.toString().padStart(5, '0')}`;
  const terminals = online ? 0 : 1 + Math.floor(random.exponential(1.2));
  return {
    index,
    id,
    category,
    online,
    city,
    latitude: round(reported.latitude + random.normal() * 0.06),
    longitude: round(reported.longitude + random.normal() * 0.08),
    priceLevel: random.logNormal(1, 0.22),
    terminals: Array.from({ length: terminals }, (_, i) => `${id.replace('merchant', 'terminal')}-${i}`),
  };
}

/** Most online shops are domestic for somebody in the home cities, some are British, Swiss, American … */
function registered(random: Random, homes: readonly City[]): City {
  return random.chance(0.8) ? random.pick(homes) : random.pick(DESTINATIONS);
}

function sellsOnline(venue: string): boolean {
  return venue === 'online' || venue === 'both';
}

function sellsLocally(venue: string): boolean {
  return venue !== 'online';
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function round(degrees: number): number {
  return Math.round(degrees * 1e4) / 1e4;
}
