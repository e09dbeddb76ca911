import type { Cardholder } from './cardholder.js';
import { type City, DESTINATIONS, kilometres } from './cities.js';
import { DAY_MS, HOUR_MS } from './options.js';
import { cumulate } from './random.js';
import type { Trip } from './trip.js';

/** Draws the holder's next trip, to begin after the given moment. */
export function nextTrip(holder: Cardholder, afterMs: number, homes: readonly City[]): Trip {
  const { random } = holder;
  const abroad = random.chance(0.55);
  const cities = (abroad ? DESTINATIONS : homes).filter((c) => c !== holder.home);
  const weights = cities.map((c) => c.weight / Math.sqrt(200 + kilometres(holder.home, c)));
  const city = cities[random.weighted(cumulate(weights))] ?? holder.home;
  const distance = kilometres(holder.home, city);
  // Door to door: by train up to some 600 km, by plane with two hours at airports beyond.
  const travelMs = (distance < 600 ? distance / 160 + 0.5 : distance / 750 + 2) * HOUR_MS;
  const departMs = afterMs + (1 + random.exponential(holder.tripEveryDays)) * DAY_MS;
  const arriveMs = departMs + travelMs;
  const stayDays = abroad ? random.between(2, 13) : random.between(0.3, 4);
  const returnMs = arriveMs + stayDays * DAY_MS;
  const bookedMs = Math.max(afterMs, departMs - random.between(0.2, 40) * DAY_MS);
  return { city, departMs, arriveMs, returnMs, homeMs: returnMs + travelMs, bookedMs };
}

/** The city in which the holder is, null on the way. */
export function cityAt(holder: Cardholder, at: number): City | null {
  const { trip } = holder;
  if (trip === null || at < trip.departMs || at >= trip.homeMs) return holder.home;
  return at >= trip.arriveMs && at < trip.returnMs ? trip.city : null;
}
