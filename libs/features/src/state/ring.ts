/**
 * A merchant's ring: hourly and daily slots, each naming the hour or day it counts, so that stale slots
 * identify themselves. One slot is 20 bytes, little-endian:
 *
 *     0  4  epoch: hours or days since 1970 UTC
 *     4  4  count
 *     8  4  known frauds
 *    12  8  sum of amounts, reference minor units, float64 (whole numbers)
 *
 * A shorter buffer reads as if filled up with zeros.
 */
export const SLOT_BYTES = 20;
export const HOUR_SLOTS = 24;
export const DAY_SLOTS = 38;
const RING_BYTES = (HOUR_SLOTS + DAY_SLOTS) * SLOT_BYTES;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Count and sum over a span of slots. */
export interface RingTotal {
  count: number;
  sum: number;
}

/** Totals over the last `slots` hourly slots, the hour of `timeMs` included, later hours not. */
export function hourTotal(ring: Buffer, timeMs: number, slots: number, out: RingTotal): void {
  total(ring, 0, HOUR_SLOTS, Math.floor(timeMs / HOUR_MS), slots, out);
}

/** Totals over the last `slots` daily slots, the day of `timeMs` included, later days not. */
export function dayTotal(ring: Buffer, timeMs: number, slots: number, out: RingTotal): void {
  total(ring, HOUR_SLOTS * SLOT_BYTES, DAY_SLOTS, Math.floor(timeMs / DAY_MS), slots, out);
}

function total(ring: Buffer, base: number, size: number, epoch: number, slots: number, out: RingTotal): void {
  out.count = 0;
  out.sum = 0;
  const end = Math.min(ring.length, base + size * SLOT_BYTES);
  const view = new DataView(ring.buffer, ring.byteOffset, ring.length);
  for (let at = base; at + SLOT_BYTES <= end; at += SLOT_BYTES) {
    const slotEpoch = view.getUint32(at, true);
    if (slotEpoch > epoch - slots && slotEpoch <= epoch) {
      out.count += view.getUint32(at + 4, true);
      out.sum += view.getFloat64(at + 12, true);
    }
  }
}

/**
 * Adds one transaction in place; `ring` has RING_BYTES. A late event never rolls a slot backwards:
 * where its slot already counts a later hour or day, it is left out there.
 * @param amount reference minor units, a whole number
 */
export function addToRing(ring: Buffer, timeMs: number, amount: number): void {
  const hour = Math.floor(timeMs / HOUR_MS);
  const day = Math.floor(timeMs / DAY_MS);
  addToSlot(ring, (hour % HOUR_SLOTS) * SLOT_BYTES, hour, amount);
  addToSlot(ring, (HOUR_SLOTS + (day % DAY_SLOTS)) * SLOT_BYTES, day, amount);
}

function addToSlot(ring: Buffer, at: number, epoch: number, amount: number): void {
  const slotEpoch = ring.readUInt32LE(at);
  if (slotEpoch > epoch) return;
  const fresh = slotEpoch < epoch;
  ring.writeUInt32LE(epoch, at);
  ring.writeUInt32LE(fresh ? 1 : ring.readUInt32LE(at + 4) + 1, at + 4);
  if (fresh) ring.writeUInt32LE(0, at + 8);
  const sum = fresh ? 0 : ring.readDoubleLE(at + 12);
  ring.writeDoubleLE(sum + amount, at + 12);
}

/**
 * Adds to, or takes from, the known frauds of the slots of a transaction's time; a slot that counts a later hour or day by
 * now is left as it is. A label may come before its transaction is counted.
 */
export function addFraud(ring: Buffer, timeMs: number, change: number): void {
  const hour = Math.floor(timeMs / HOUR_MS);
  const day = Math.floor(timeMs / DAY_MS);
  addFraudToSlot(ring, (hour % HOUR_SLOTS) * SLOT_BYTES, hour, change);
  addFraudToSlot(ring, (HOUR_SLOTS + (day % DAY_SLOTS)) * SLOT_BYTES, day, change);
}

function addFraudToSlot(ring: Buffer, at: number, epoch: number, change: number): void {
  const slotEpoch = ring.readUInt32LE(at);
  if (slotEpoch > epoch) return;
  const fresh = slotEpoch < epoch;
  if (fresh) {
    ring.fill(0, at, at + SLOT_BYTES);
    ring.writeUInt32LE(epoch, at);
  }
  ring.writeUInt32LE(Math.max(0, ring.readUInt32LE(at + 8) + change), at + 8);
}

/** What is known of the frauds of a span of daily slots. */
export interface RingRisk {
  count: number;
  frauds: number;
}

/** Transactions and known frauds of the days from `from` to `to`, both included (days since 1970 UTC). */
export function riskOf(ring: Buffer, from: number, to: number, out: RingRisk): void {
  out.count = 0;
  out.frauds = 0;
  eachDay(ring, (view, at, day) => {
    if (day < from || day > to) return;
    out.count += view.getUint32(at + 4, true);
    out.frauds += view.getUint32(at + 8, true);
  });
}

/** The last day from `from` to `to` with a known fraud; −1 = none is known. */
export function lastFraudDay(ring: Buffer, from: number, to: number): number {
  let last = -1;
  eachDay(ring, (view, at, day) => {
    if (day >= from && day <= to && day > last && view.getUint32(at + 8, true) > 0) last = day;
  });
  return last;
}

function eachDay(ring: Buffer, visit: (view: DataView, at: number, day: number) => void): void {
  const view = new DataView(ring.buffer, ring.byteOffset, ring.length);
  const end = Math.min(ring.length, RING_BYTES);
  for (let at = HOUR_SLOTS * SLOT_BYTES; at + SLOT_BYTES <= end; at += SLOT_BYTES) {
    visit(view, at, view.getUint32(at, true));
  }
}

/** A full-size copy, so that it can be added to. */
export function copyRing(ring: Buffer | null): Buffer {
  const copy = Buffer.alloc(RING_BYTES);
  ring?.copy(copy);
  return copy;
}
