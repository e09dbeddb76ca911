import { type Cardholder } from './cardholder.js';
import { CATEGORIES, CLOTHING, DIGITAL_GOODS, SUBSCRIPTION } from './categories.js';
import type { City } from './cities.js';
import { chooseMerchant, habitualEuros, habitualTime, popular } from './habits.js';
import type { Merchant } from './merchants.js';
import { deviceToken, publicAddress } from './network.js';
import { DAY_MS, MINUTE_MS } from './options.js';
import { inStore, online, type Purchase } from './purchase.js';
import { cityAt, nextTrip } from './travel.js';
import type { World } from './world.js';

/** Genuine behaviour that looks odd. It overlaps with fraud on purpose: the labels are exact, the difficulty is here. */
const ODD = {
  /** A purchase several times the usual amount. */
  splurge: 0.006,
  /** An afternoon in several shops after a clothing purchase. */
  shoppingSpree: 0.05,
  /** A row of small payments to one seller of digital goods. */
  smallPayments: 0.025,
  /** A borrowed or private device, or none reported. */
  strangeDevice: 0.004,
  noDevice: 0.03,
  /** An office, café or hotel network. */
  strangeNetwork: 0.12,
  /** A purchase by the family member in another city. */
  companion: 0.2,
  /** A day out in another city without a planned trip. */
  dayOut: 0.002,
} as const;

/** Plans one UTC day of a holder's genuine purchases, in no particular order; a few may fall after the day's end. */
export function planDay(world: World, holder: Cardholder, dayMs: number): Purchase[] {
  const { random } = holder;
  const plan: Purchase[] = [];
  renew(world, holder, dayMs, plan);
  collectSubscriptions(holder, dayMs, plan);
  const noon = dayMs + DAY_MS / 2;
  const weekend = ((Math.floor(dayMs / DAY_MS) + 4) % 7) % 6 === 0;
  const away = cityAt(holder, noon) !== holder.home;
  const dayOut = !away && random.chance(ODD.dayOut) ? random.pick(world.homes) : null;
  const mean = holder.perDay * (weekend ? holder.weekendFactor : 1) * (away ? 1.4 : 1);
  for (let n = random.poisson(mean); n > 0; n--) {
    const category = random.weighted(away ? holder.travelTastes : holder.tastes);
    const { venue } = CATEGORIES[category]!;
    const isOnline = venue === 'online' || (venue === 'both' && random.chance(holder.onlineShare));
    const offset = (cityAt(holder, noon) ?? holder.home).offsetMinutes;
    const at = habitualTime(holder, dayMs, offset, category, isOnline, random);
    let city = cityAt(holder, at);
    if (city === holder.home) {
      city = dayOut ?? (holder.companion !== null && random.chance(ODD.companion) ? holder.companion : city);
    }
    if (isOnline) buyOnline(world, holder, category, at, city ?? holder.home, plan);
    else if (city !== null) buyInStore(world, holder, category, at, city, plan);
  }
  return plan;
}

function buyInStore(
  world: World,
  holder: Cardholder,
  category: number,
  at: number,
  city: City,
  plan: Purchase[],
): void {
  const { random } = holder;
  const merchant = chooseMerchant(holder, world.market, city, category, false, random);
  if (merchant === undefined) return;
  plan.push(inStore(holder, merchant, at, spend(holder, merchant), random));
  if (category !== CLOTHING || !random.chance(ODD.shoppingSpree)) return;
  let later = at;
  for (let n = random.integer(2, 6); n > 0; n--) {
    later += random.between(4, 45) * MINUTE_MS;
    const next = random.weighted(holder.tastes);
    const group = world.market.localGroup(city, next);
    if (group !== undefined) {
      const shop = popular(group, random);
      plan.push(inStore(holder, shop, later, spend(holder, shop), random));
    }
  }
}

function buyOnline(
  world: World,
  holder: Cardholder,
  category: number,
  at: number,
  city: City,
  plan: Purchase[],
): void {
  const { random } = holder;
  const merchant = chooseMerchant(holder, world.market, city, category, true, random);
  if (merchant === undefined) return;
  const buyer = genuineBuyer(holder, city);
  plan.push(online(holder, merchant, at, spend(holder, merchant), buyer, random));
  if (category !== DIGITAL_GOODS || !random.chance(ODD.smallPayments)) return;
  let later = at;
  for (let n = random.integer(2, 8); n > 0; n--) {
    later += random.exponential(5) * MINUTE_MS + 20_000;
    plan.push(online(holder, merchant, later, habitualEuros(holder, merchant, random), buyer, random));
  }
}

function spend(holder: Cardholder, merchant: Merchant): number {
  const { random } = holder;
  const euros = habitualEuros(holder, merchant, random);
  return random.chance(ODD.splurge) ? euros * random.between(2.5, 8) : euros;
}

function genuineBuyer(
  holder: Cardholder,
  city: City,
): { device: string | null; ip: string; offsetMinutes: number } {
  const { random } = holder;
  const which = random.unit();
  let device: string | null = holder.devices[random.chance(0.75) ? 0 : holder.devices.length - 1]!;
  if (which < ODD.strangeDevice) device = deviceToken(random);
  else if (which < ODD.strangeDevice + ODD.noDevice) device = null;
  const strange = random.chance(city === holder.home ? ODD.strangeNetwork : 0.6);
  const ip = strange ? publicAddress(random) : random.chance(0.6) ? holder.homeIp : holder.carrierIp;
  return { device, ip, offsetMinutes: city.offsetMinutes };
}

/** Things that change slowly: the phone, the next trip and its booking. */
function renew(world: World, holder: Cardholder, dayMs: number, plan: Purchase[]): void {
  const { random } = holder;
  if (dayMs >= holder.nextPhoneMs) {
    holder.devices[0] = deviceToken(random);
    holder.nextPhoneMs = dayMs + (100 + random.exponential(400)) * DAY_MS;
  }
  if (holder.trip === null || dayMs >= holder.trip.homeMs) holder.trip = nextTrip(holder, dayMs, world.homes);
  const { bookedMs, city } = holder.trip;
  if (bookedMs < dayMs || bookedMs >= dayMs + DAY_MS) return;
  const fare = random.pick(['4511', '4722', '7011']);
  const category = CATEGORIES.findIndex((c) => c.mcc === fare);
  const at = habitualTime(holder, dayMs, holder.home.offsetMinutes, category, true, random);
  buyOnline(world, holder, category, at, city.country === holder.home.country ? city : holder.home, plan);
}

function collectSubscriptions(holder: Cardholder, dayMs: number, plan: Purchase[]): void {
  const cycleDay = Math.floor(dayMs / DAY_MS) % 30;
  for (const { merchant, euros, day } of holder.subscriptions) {
    if (day !== cycleDay) continue;
    const at = dayMs + holder.random.between(1, 7) * 60 * MINUTE_MS;
    const nobody = { device: null, ip: null, offsetMinutes: merchant.city.offsetMinutes };
    plan.push(online(holder, merchant, at, euros, nobody, holder.random, 'recurring'));
  }
}

/** The holder's subscriptions, drawn once. */
export function subscribe(world: World, holder: Cardholder): void {
  const { random } = holder;
  const group = world.market.onlineGroup(SUBSCRIPTION)!;
  holder.subscriptions = Array.from({ length: random.poisson(1.1) }, () => {
    const merchant = popular(group, random);
    return { merchant, euros: habitualEuros(holder, merchant, random), day: random.integer(0, 29) };
  });
}
