/** A place where cardholders live, travel to or are robbed. */
export interface City {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly currency: Currency;
  /** Degrees, centre of the city. */
  readonly latitude: number;
  readonly longitude: number;
  /** Standard time, minutes from UTC. Daylight saving is left out: the default period lies in winter. */
  readonly offsetMinutes: number;
  /** Relative number of people, as home and as destination. */
  readonly weight: number;
}

/** How a currency is written: decimals of its minor unit and units for one euro (rounded, for price levels only). */
export const CURRENCIES = {
  EUR: { digits: 2, perEuro: 1 },
  GBP: { digits: 2, perEuro: 0.87 },
  CHF: { digits: 2, perEuro: 0.93 },
  USD: { digits: 2, perEuro: 1.17 },
  SEK: { digits: 2, perEuro: 10.9 },
  PLN: { digits: 2, perEuro: 4.22 },
  CZK: { digits: 2, perEuro: 24.2 },
  TRY: { digits: 2, perEuro: 50 },
  MAD: { digits: 2, perEuro: 10.7 },
  AED: { digits: 2, perEuro: 4.3 },
  THB: { digits: 2, perEuro: 37 },
  JPY: { digits: 0, perEuro: 183 },
} as const;
export type Currency = keyof typeof CURRENCIES;

function city(
  name: string,
  country: string,
  currency: Currency,
  latitude: number,
  longitude: number,
  offsetHours: number,
  weight: number,
): City {
  return { name, country, currency, latitude, longitude, offsetMinutes: offsetHours * 60, weight };
}

/** Where cardholders live: the euro area, the larger cities first so that a small population still clusters. */
export const HOME_CITIES: readonly City[] = [
  city('Paris', 'FR', 'EUR', 48.857, 2.352, 1, 10),
  city('Berlin', 'DE', 'EUR', 52.52, 13.405, 1, 8),
  city('Madrid', 'ES', 'EUR', 40.417, -3.704, 1, 7),
  city('Lyon', 'FR', 'EUR', 45.764, 4.836, 1, 5),
  city('Milano', 'IT', 'EUR', 45.464, 9.19, 1, 6),
  city('Amsterdam', 'NL', 'EUR', 52.368, 4.904, 1, 5),
  city('Hamburg', 'DE', 'EUR', 53.551, 9.994, 1, 5),
  city('Bruxelles', 'BE', 'EUR', 50.85, 4.352, 1, 4),
  city('Wien', 'AT', 'EUR', 48.208, 16.373, 1, 4),
  city('Barcelona', 'ES', 'EUR', 41.385, 2.173, 1, 5),
  city('Marseille', 'FR', 'EUR', 43.296, 5.37, 1, 4),
  city('München', 'DE', 'EUR', 48.135, 11.582, 1, 4),
  city('Roma', 'IT', 'EUR', 41.903, 12.496, 1, 5),
  city('Lisboa', 'PT', 'EUR', 38.722, -9.139, 0, 3),
  city('Dublin', 'IE', 'EUR', 53.349, -6.26, 0, 3),
  city('Lille', 'FR', 'EUR', 50.629, 3.057, 1, 3),
  city('Toulouse', 'FR', 'EUR', 43.605, 1.444, 1, 3),
  city('Köln', 'DE', 'EUR', 50.938, 6.96, 1, 3),
  city('Helsinki', 'FI', 'EUR', 60.17, 24.938, 2, 2),
  city('Athína', 'GR', 'EUR', 37.984, 23.728, 2, 3),
];

/** Where they travel to, beside each other's cities. */
export const DESTINATIONS: readonly City[] = [
  city('London', 'GB', 'GBP', 51.507, -0.128, 0, 8),
  city('Zürich', 'CH', 'CHF', 47.377, 8.541, 1, 4),
  city('New York', 'US', 'USD', 40.713, -74.006, -5, 4),
  city('Praha', 'CZ', 'CZK', 50.088, 14.42, 1, 3),
  city('Warszawa', 'PL', 'PLN', 52.23, 21.012, 1, 2),
  city('Stockholm', 'SE', 'SEK', 59.329, 18.069, 1, 2),
  city('Istanbul', 'TR', 'TRY', 41.008, 28.978, 3, 3),
  city('Marrakech', 'MA', 'MAD', 31.63, -7.981, 1, 3),
  city('Palma', 'ES', 'EUR', 39.57, 2.65, 1, 5),
  city('Dubai', 'AE', 'AED', 25.205, 55.271, 4, 2),
  city('Bangkok', 'TH', 'THB', 13.756, 100.502, 7, 2),
  city('Tokyo', 'JP', 'JPY', 35.677, 139.65, 9, 1),
];

/** Great-circle distance in kilometres. */
export function kilometres(a: Coordinates, b: Coordinates): number {
  const rad = Math.PI / 180;
  const dLat = (b.latitude - a.latitude) * rad;
  const dLon = (b.longitude - a.longitude) * rad;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
}

export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}
