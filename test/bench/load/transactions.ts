const CARDS = 2_000;
const MERCHANTS = 500;

/** Country, latitude, longitude, currency. */
const HOMES = [
  ['FR', 48.8566, 2.3522, 'EUR'],
  ['FR', 45.764, 4.8357, 'EUR'],
  ['DE', 52.52, 13.405, 'EUR'],
  ['ES', 40.4168, -3.7038, 'EUR'],
  ['IT', 41.9028, 12.4964, 'EUR'],
  ['NL', 52.3676, 4.9041, 'EUR'],
  ['GB', 51.5074, -0.1278, 'GBP'],
  ['US', 40.7128, -74.006, 'USD'],
] as const;
const CATEGORIES = ['5411', '5812', '5541', '5732', '4111', '5999', '5912', '7995', '4722', '5651'];

/** A transaction without its id and its time, as this project wants it written. */
export interface RandomTransaction {
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly card_id: string;
  readonly merchant_id: string;
  readonly customer_id: string;
  readonly merchant_category: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly channel: 'pos' | 'ecommerce';
  readonly terminal_id?: string;
  readonly device_id?: string;
  readonly ip?: string;
}

/** A random transaction without the two fields that every one gets anew: its id and its time. */
export function randomTransaction(random: () => number): RandomTransaction {
  const card = Math.floor(random() * CARDS);
  // Squared: a few merchants take most of the traffic.
  const merchant = Math.floor(random() ** 2 * MERCHANTS);
  const abroad = random() < 0.04;
  const [country, latitude, longitude, currency] = HOMES[(abroad ? card + 3 : card) % HOMES.length]!;
  const shared = {
    // Log-normal: the median purchase is 25, one in a thousand above 1,000.
    amount: Math.max(100, Math.round(2_500 * Math.exp(1.2 * gaussian(random)))),
    currency,
    card_id: `card-${padded(card, 6)}`,
    merchant_id: `merchant-${padded(merchant, 4)}`,
    customer_id: `customer-${padded(card, 6)}`,
    merchant_category: CATEGORIES[merchant % CATEGORIES.length]!,
    country,
    latitude: near(latitude, random),
    longitude: near(longitude, random),
  };
  if (random() < 0.3) {
    return {
      ...shared,
      channel: 'pos',
      terminal_id: `terminal-${padded(merchant, 4)}-${Math.floor(random() * 3)}`,
    };
  }
  // One card in ten is used on two devices, each from few addresses.
  const device = card % 10 === 0 && random() < 0.3 ? card + CARDS : card;
  return {
    ...shared,
    channel: 'ecommerce',
    device_id: `device-${padded(device, 6)}`,
    ip: `10.${device >> 8}.${device & 255}.${Math.floor(random() * 4)}`,
  };
}

/** Repeatable uniform numbers in [0, 1) (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function near(degrees: number, random: () => number): number {
  return Math.round((degrees + (random() - 0.5) * 0.4) * 1e4) / 1e4;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
