import type { Cardholder } from './cardholder.js';
import { CATEGORIES } from './categories.js';
import type { City } from './cities.js';
import type { Market, Merchant, MerchantGroup } from './merchants.js';
import { DAY_MS, HOUR_MS } from './options.js';
import type { Random } from './random.js';

/** The amount, in euros, that this holder would spend on this category at this merchant. */
export function habitualEuros(holder: Cardholder, merchant: Merchant, random: Random): number {
  const { category } = merchant;
  return random.logNormal(holder.medians[category]!, holder.sigmas[category]!) * merchant.priceLevel;
}

/** A time of the given UTC day, drawn from the holder's rhythm at the given offset. Shops are shut at night. */
export function habitualTime(
  holder: Cardholder,
  dayMs: number,
  offsetMinutes: number,
  category: number,
  online: boolean,
  random: Random,
): number {
  const open = online || CATEGORIES[category]!.night;
  for (let attempt = 0; ; attempt++) {
    const peak = holder.peaks[Math.floor(random.unit() * holder.peaks.length)]!;
    const hour = mod(peak.hour + peak.spread * random.normal(), 24);
    // A day of the plan is a UTC day, so the local hour may fall on its other side: the order of days stays.
    if (open || (hour >= 7 && hour < 22)) return dayMs + mod(hour * HOUR_MS - offsetMinutes * 60_000, DAY_MS);
    if (attempt === 5) return dayMs + mod(random.between(9, 20) * HOUR_MS - offsetMinutes * 60_000, DAY_MS);
  }
}

/** Where the holder buys it: mostly at a favourite, sometimes somewhere new; undefined if it is not sold there. */
export function chooseMerchant(
  holder: Cardholder,
  market: Market,
  city: City,
  category: number,
  isOnline: boolean,
  random: Random,
): Merchant | undefined {
  const group = isOnline ? market.onlineGroup(category) : market.localGroup(city, category);
  if (group === undefined) return undefined;
  const habitual = isOnline || city === holder.home;
  if (!habitual || random.unit() < holder.curiosity) return popular(group, random);
  const key = category * 2 + (isOnline ? 1 : 0);
  let favourites = holder.favourites.get(key);
  if (favourites === undefined) {
    const count = Math.min(group.merchants.length, random.integer(1, 3));
    favourites = Array.from({ length: count }, () => popular(group, random));
    holder.favourites.set(key, favourites);
  }
  // The first favourite is the most visited.
  return favourites[Math.floor(random.unit() * random.unit() * favourites.length)];
}

/** Any seller of a group, by popularity. */
export function popular(group: MerchantGroup, random: Random): Merchant {
  return group.merchants[random.weighted(group.popularity)]!;
}

function mod(value: number, base: number): number {
  return ((value % base) + base) % base;
}
