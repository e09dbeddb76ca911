import { tokenHash, tokenHash24 } from './token-hash.js';

/**
 * One event of a card's log, 32 bytes, little-endian:
 *
 *     0  8  event hash (of the transaction id)
 *     8  6  event time, ms since the epoch
 *    14  2  country, two letters; 0 = not given
 *    16  5  amount in reference minor units; all ones = unknown currency
 *    21  3  device hash; 0 = not given
 *    24  4  merchant hash
 *    28  2  latitude, 90/32767 degrees; −32768 = not given
 *    30  2  longitude, 180/32767 degrees
 */
export const CARD_EVENT_BYTES = 32;

const UNKNOWN_AMOUNT = 0xff_ffff_ffff;
const NO_PLACE = -32768;
const LATITUDE_STEP = 90 / 32767;
const LONGITUDE_STEP = 180 / 32767;

/** What the log keeps of a transaction, as numbers. */
export interface CardEvent {
  /** Event time, ms. */
  readonly timeMs: number;
  /** Reference minor units; NaN for an unknown currency. */
  readonly amount: number;
  readonly merchant: number;
  /** 0 = not given. */
  readonly device: number;
  /** 0 = not given. */
  readonly country: number;
  /** Degrees as the log keeps them (about 300 m); NaN = not given. */
  readonly latitude: number;
  readonly longitude: number;
}

/** The parts of a transaction that the log keeps. */
export interface CardEventSource {
  readonly merchant_id: string;
  readonly device_id?: string;
  readonly country?: string;
  readonly latitude?: number;
  readonly longitude?: number;
}

/** Makes the event, with the precision that the log has, so that a current and a stored event compare equal. */
export function toCardEvent(t: CardEventSource, timeMs: number, amount: number): CardEvent {
  const located = t.latitude !== undefined && t.longitude !== undefined;
  return {
    timeMs,
    amount: amount < UNKNOWN_AMOUNT ? amount : Number.isNaN(amount) ? NaN : UNKNOWN_AMOUNT - 1,
    merchant: tokenHash(t.merchant_id),
    device: t.device_id === undefined ? 0 : tokenHash24(t.device_id),
    country: t.country === undefined ? 0 : t.country.charCodeAt(0) | (t.country.charCodeAt(1) << 8),
    latitude: located ? Math.round(t.latitude / LATITUDE_STEP) * LATITUDE_STEP : NaN,
    longitude: located ? Math.round(t.longitude / LONGITUDE_STEP) * LONGITUDE_STEP : NaN,
  };
}

/** Writes an event at an offset of a buffer. */
export function writeCardEvent(event: CardEvent, eventHash: Buffer, out: Buffer, at: number): void {
  eventHash.copy(out, at, 0, 8);
  out.writeUIntLE(event.timeMs, at + 8, 6);
  out.writeUInt16LE(event.country, at + 14);
  out.writeUIntLE(Number.isNaN(event.amount) ? UNKNOWN_AMOUNT : event.amount, at + 16, 5);
  out.writeUIntLE(event.device, at + 21, 3);
  out.writeUInt32LE(event.merchant, at + 24);
  const located = !Number.isNaN(event.latitude);
  out.writeInt16LE(located ? Math.round(event.latitude / LATITUDE_STEP) : NO_PLACE, at + 28);
  out.writeInt16LE(located ? Math.round(event.longitude / LONGITUDE_STEP) : NO_PLACE, at + 30);
}

export const eventTimeMs = (log: Buffer, at: number): number =>
  log.readUInt32LE(at + 8) + log.readUInt16LE(at + 12) * 0x1_0000_0000;

export const eventCountry = (log: Buffer, at: number): number => log.readUInt16LE(at + 14);

/** Reference minor units; NaN for an unknown currency. */
export function eventAmount(log: Buffer, at: number): number {
  const amount = log.readUInt32LE(at + 16) + log[at + 20]! * 0x1_0000_0000;
  return amount === UNKNOWN_AMOUNT ? NaN : amount;
}

export const eventDevice = (log: Buffer, at: number): number =>
  log[at + 21]! | (log[at + 22]! << 8) | (log[at + 23]! << 16);

export const eventMerchant = (log: Buffer, at: number): number => log.readUInt32LE(at + 24);

export const eventIsLocated = (log: Buffer, at: number): boolean => log.readInt16LE(at + 28) !== NO_PLACE;

export const eventLatitude = (log: Buffer, at: number): number => log.readInt16LE(at + 28) * LATITUDE_STEP;

export const eventLongitude = (log: Buffer, at: number): number => log.readInt16LE(at + 30) * LONGITUDE_STEP;

export const isEvent = (log: Buffer, at: number, eventHash: Buffer): boolean =>
  log.readUInt32LE(at) === eventHash.readUInt32LE(0) &&
  log.readUInt32LE(at + 4) === eventHash.readUInt32LE(4);
