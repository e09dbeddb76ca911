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

/** A full-size copy, so that it can be added to. */
export function copyRing(ring: Buffer | null): Buffer {
  const copy = Buffer.alloc(RING_BYTES);
  ring?.copy(copy);
  return copy;
}
