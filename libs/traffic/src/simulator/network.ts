import type { Random } from './random.js';

/*
 * All addresses lie in ranges that belong to nobody: 10/8 (RFC 1918) for homes, 100.64/10 (RFC 6598) for mobile
 * carriers, 198.18/15 (RFC 2544) for hotels, cafés and proxies. No simulated event points at a real household.
 */

/** The address of a household. */
export function homeAddress(random: Random): string {
  return `10.${random.integer(0, 255)}.${random.integer(0, 255)}.${random.integer(1, 254)}`;
}

/** A carrier's gateway, shared by some forty cards. */
export function carrierAddress(random: Random, cards: number): string {
  const gateway = random.integer(0, Math.max(3, Math.round(cards / 40)));
  return `100.${64 + ((gateway >> 14) & 63)}.${(gateway >> 7) & 127}.${1 + (gateway & 127)}`;
}

/** Some other network: a hotel, a café, an office, a proxy. */
export function publicAddress(random: Random): string {
  return `198.${random.integer(18, 19)}.${random.integer(0, 255)}.${random.integer(1, 254)}`;
}

/** An opaque device token. */
export function deviceToken(random: Random): string {
  const high = Math.floor(random.unit() * 2 ** 32).toString(16);
  const low = Math.floor(random.unit() * 2 ** 32).toString(16);
  return `device-${high.padStart(8, '0')}${low.padStart(8, '0')}`;
}
