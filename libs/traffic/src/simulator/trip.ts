import type { City } from './cities.js';

/** A genuine stay in another city. Between leaving and arriving nothing is bought in shops. */
export interface Trip {
  readonly city: City;
  readonly departMs: number;
  readonly arriveMs: number;
  readonly returnMs: number;
  readonly homeMs: number;
  /** When the fare is paid online. */
  readonly bookedMs: number;
}
