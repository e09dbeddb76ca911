import { CATEGORIES } from './categories.js';
import type { City } from './cities.js';
import type { Merchant } from './merchants.js';
import { carrierAddress, deviceToken, homeAddress } from './network.js';
import { DAY_MS, type Simulation } from './options.js';
import { cumulate, Random } from './random.js';
import type { Trip } from './trip.js';

/** One part of somebody's day: when it peaks and how wide it is, local hours. */
interface Peak {
  readonly hour: number;
  readonly spread: number;
}

interface Subscription {
  readonly merchant: Merchant;
  readonly euros: number;
  /** Day of the 30-day cycle on which it is collected. */
  readonly day: number;
}

/** A person with a card: habits that stay, and the little state that moves. */
export interface Cardholder {
  readonly index: number;
  readonly customerId: string;
  readonly home: City;
  readonly random: Random;
  /** Mean purchases a day, and how weekends change them. */
  readonly perDay: number;
  readonly weekendFactor: number;
  readonly peaks: readonly Peak[];
  /** Running totals of category weights, at home and on the road. */
  readonly tastes: Float64Array;
  readonly travelTastes: Float64Array;
  /** Typical amount in euros and its spread, per category. */
  readonly medians: Float64Array;
  readonly sigmas: Float64Array;
  /** Shops that are visited again and again, by venue and category; chosen on first need. */
  readonly favourites: Map<number, Merchant[]>;
  /** Probability that a purchase is made elsewhere than at a favourite. */
  readonly curiosity: number;
  /** Probability that something sold both ways is bought online. */
  readonly onlineShare: number;
  readonly homeIp: string;
  readonly carrierIp: string;
  /** Mean days between two trips. */
  readonly tripEveryDays: number;
  /** City of a family member who uses the same card. */
  readonly companion: City | null;
  subscriptions: Subscription[];
  devices: string[];
  nextPhoneMs: number;
  trip: Trip | null;
  cardId: string;
  /** Cards issued so far. */
  issues: number;
  /** Genuine purchases fail until then: the card is blocked and a new one is in the post. */
  blockedUntilMs: number;
  /** End of the fraud campaign that the card is part of. */
  attackedUntilMs: number;
  /** Place and time of the last purchase in a shop. */
  lastSeen: { readonly at: number; readonly merchant: Merchant } | null;
}

const OFFICE: readonly Peak[] = [
  { hour: 8, spread: 0.8 },
  { hour: 12.5, spread: 0.8 },
  { hour: 18.2, spread: 1.5 },
  { hour: 20.5, spread: 1.5 },
];
const DAYTIME: readonly Peak[] = [
  { hour: 10.5, spread: 1.8 },
  { hour: 15.5, spread: 2.2 },
  { hour: 19, spread: 2 },
];
const NIGHT_OWL: readonly Peak[] = [
  { hour: 14, spread: 2.5 },
  { hour: 20, spread: 2 },
  { hour: 0.5, spread: 2 },
];
const SHIFT: readonly Peak[] = [
  { hour: 5.5, spread: 1.2 },
  { hour: 14.5, spread: 2 },
  { hour: 22.5, spread: 1.5 },
];

/** Draws a person. Equal (seed, index) gives the same person, whatever the rest of the population. */
export function createCardholder(simulation: Simulation, index: number, homes: readonly City[]): Cardholder {
  const { seed, tag } = simulation;
  const random = new Random(seed, 2, index);
  const home = homes[random.weighted(cumulate(homes.map((c) => c.weight)))]!;
  const wealth = random.logNormal(1, 0.35);
  const steadiness = random.between(0.5, 0.9);
  const weights = CATEGORIES.map((c) => c.weight * random.logNormal(1, 0.8));
  const gambler = random.chance(0.06);
  const devices = random.chance(0.4) ? 2 : 1;
  const style = random.unit();
  return {
    index,
    customerId: `customer-${tag}-${index.toString().padStart(6, '0')}`,
    home,
    random,
    perDay: Math.min(5, random.logNormal(0.95, 0.65)),
    weekendFactor: random.between(0.7, 1.6),
    peaks: style < 0.5 ? OFFICE : style < 0.82 ? DAYTIME : style < 0.92 ? NIGHT_OWL : SHIFT,
    tastes: cumulate(weights.map((w, i) => (CATEGORIES[i]?.mcc === '7995' ? w * (gambler ? 12 : 0.1) : w))),
    travelTastes: cumulate(weights.map((w, i) => w * CATEGORIES[i]!.travelFactor)),
    medians: Float64Array.from(CATEGORIES, (c) => c.median * wealth * random.logNormal(1, 0.3)),
    sigmas: Float64Array.from(CATEGORIES, (c) => c.sigma * steadiness),
    favourites: new Map(),
    curiosity: random.between(0.05, 0.22),
    onlineShare: random.between(0.15, 0.75),
    homeIp: homeAddress(random),
    carrierIp: carrierAddress(random, simulation.cards),
    tripEveryDays: random.logNormal(75, 0.7),
    companion: random.chance(0.01) ? random.pick(homes) : null,
    subscriptions: [],
    devices: Array.from({ length: devices }, () => deviceToken(random)),
    nextPhoneMs: simulation.startMs + random.exponential(450) * DAY_MS,
    trip: null,
    cardId: cardId(tag, index, 1),
    issues: 1,
    blockedUntilMs: 0,
    attackedUntilMs: 0,
    lastSeen: null,
  };
}

/** Blocks the card and issues the next one; the old card is worthless from now on. */
export function reissue(holder: Cardholder, tag: string, at: number, random: Random): void {
  holder.issues++;
  holder.cardId = cardId(tag, holder.index, holder.issues);
  holder.blockedUntilMs = at + random.between(0.7, 4) * DAY_MS;
}

function cardId(tag: string, index: number, issue: number): string {
  return `card-${tag}-${index.toString().padStart(6, '0')}-${issue}`;
}
