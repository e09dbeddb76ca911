import { tokenHash24 } from './token-hash.js';

/**
 * One event of a card's log, 32 bytes, little-endian:
 *
 *     0  6  event hash (of the transaction id)
 *     6  6  event time, ms since the epoch; the highest bit is set where an event before it in the log is younger,
 *           the next one where it is known to be a fraud
 *    12  2  country, two letters; 0 = not given
 *    14  5  amount in reference minor units; all ones = unknown currency
 *    19  3  merchant hash
 *    22  3  device hash; 0 = not given
 *    25  3  ip hash; 0 = not given
 *    28  2  latitude, 90/32767 degrees; −32768 = not given
 *    30  2  longitude, 180/32767 degrees
 */
export const CARD_EVENT_BYTES = 32;

/** Where the identity and the event time are, for the script that reads them in Redis. */
export const EVENT_ID_BYTES = 6;
export const EVENT_TIME_OFFSET = 6;
export const EVENT_TIME_BYTES = 6;
/** Added to the time of an event that came late. */
export const LATE_EVENT = 2 ** 47;
/** Added to the time of an event that is known to be a fraud. */
export const FRAUD_EVENT = 2 ** 46;

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
  readonly ip: number;
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
  readonly ip?: string;
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
    merchant: tokenHash24(t.merchant_id),
    device: t.device_id === undefined ? 0 : tokenHash24(t.device_id),
    ip: t.ip === undefined ? 0 : tokenHash24(t.ip),
    country: t.country === undefined ? 0 : t.country.charCodeAt(0) | (t.country.charCodeAt(1) << 8),
    latitude: located ? Math.round(t.latitude / LATITUDE_STEP) * LATITUDE_STEP : NaN,
    longitude: located ? Math.round(t.longitude / LONGITUDE_STEP) * LONGITUDE_STEP : NaN,
  };
}

/** Writes an event at an offset of a buffer. */
export function writeCardEvent(event: CardEvent, eventHash: Buffer, out: Buffer, at: number): void {
  eventHash.copy(out, at, 0, EVENT_ID_BYTES);
  out.writeUIntLE(event.timeMs, at + 6, 6);
  out.writeUInt16LE(event.country, at + 12);
  out.writeUIntLE(Number.isNaN(event.amount) ? UNKNOWN_AMOUNT : event.amount, at + 14, 5);
  out.writeUIntLE(event.merchant, at + 19, 3);
  out.writeUIntLE(event.device, at + 22, 3);
  out.writeUIntLE(event.ip, at + 25, 3);
  const located = !Number.isNaN(event.latitude);
  out.writeInt16LE(located ? Math.round(event.latitude / LATITUDE_STEP) : NO_PLACE, at + 28);
  out.writeInt16LE(located ? Math.round(event.longitude / LONGITUDE_STEP) : NO_PLACE, at + 30);
}

/** A log, ready to be read: a DataView reads numbers several times faster than a Buffer does. */
export const viewOf = (log: Buffer): DataView => new DataView(log.buffer, log.byteOffset, log.length);

/** Also of the events of devices and addresses: they begin alike. */
export const eventTimeMs = (log: DataView, at: number): number =>
  log.getUint32(at + 6, true) + (log.getUint16(at + 10, true) & 0x3fff) * 0x1_0000_0000;

export const eventIsFraud = (log: DataView, at: number): boolean => (log.getUint8(at + 11) & 0x40) !== 0;

/** Whether an event before it in the log was younger. */
export const eventCameLate = (log: DataView, at: number): boolean => (log.getUint8(at + 11) & 0x80) !== 0;

/** Marks an event as a fraud, or as none. */
export function markFraud(log: Buffer, at: number, fraud: boolean): void {
  log[at + 11] = fraud ? log[at + 11]! | 0x40 : log[at + 11]! & ~0x40;
}

export const eventCountry = (log: DataView, at: number): number => log.getUint16(at + 12, true);

/** Reference minor units; NaN for an unknown currency. */
export function eventAmount(log: DataView, at: number): number {
  const amount = log.getUint32(at + 14, true) + log.getUint8(at + 18) * 0x1_0000_0000;
  return amount === UNKNOWN_AMOUNT ? NaN : amount;
}

export const eventMerchant = (log: DataView, at: number): number => log.getUint32(at + 18, true) >>> 8;

export const eventDevice = (log: DataView, at: number): number => log.getUint32(at + 21, true) >>> 8;

export const eventIp = (log: DataView, at: number): number => log.getUint32(at + 24, true) >>> 8;

export const eventIsLocated = (log: DataView, at: number): boolean =>
  log.getInt16(at + 28, true) !== NO_PLACE;

export const eventLatitude = (log: DataView, at: number): number =>
  log.getInt16(at + 28, true) * LATITUDE_STEP;

export const eventLongitude = (log: DataView, at: number): number =>
  log.getInt16(at + 30, true) * LONGITUDE_STEP;

/**
 * Where the event is in a log, by its identity; −1 = it is not. Looks from the end: what is asked for is new.
 * @param bytes of one event of this log
 */
export function lastIndexOf(log: Buffer, event: Buffer, bytes = CARD_EVENT_BYTES): number {
  const low = event.readUInt32LE(0);
  const high = event.readUInt16LE(4);
  const view = viewOf(log);
  const last = (Math.floor(log.length / bytes) - 1) * bytes;
  for (let at = last; at >= 0; at -= bytes) {
    if (view.getUint32(at, true) === low && view.getUint16(at + 4, true) === high) return at;
  }
  return -1;
}
