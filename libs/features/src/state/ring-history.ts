import { LABEL_DELAY_DAYS } from '../catalogue/feature.js';
import { DAY_MS, DAY_SLOTS, HOUR_MS, HOUR_SLOTS, SLOT_BYTES } from './ring.js';

/** Windows of a ring: the hourly ones in hours, the others in days. */
export const RING_WINDOWS = ['1h', '24h', '7d', '30d'] as const;
const HOURS = [1, 24];
const DAYS = [7, 30];
/** Windows of fraud shares, in days. */
export const RISK_WINDOWS = ['24h', '7d', '30d'] as const;
const RISK_DAYS = [1, 7, 30];
/** Days before today that a ring still holds in full. */
const MEMORY_DAYS = DAY_SLOTS - 1;

/**
 * What a merchant's or a terminal's ring says as of a transaction's time, read in one pass. Windows are whole slots, the
 * current one included, later ones not. Reused from row to row.
 */
export class RingHistory {
  /** Transactions with a known amount, and the sum of their amounts, by window. */
  readonly count = new Float64Array(RING_WINDOWS.length);
  readonly sum = new Float64Array(RING_WINDOWS.length);
  /** The same, and known frauds, of windows that end the label delay before today, and begin one day further back. */
  readonly judged = new Float64Array(RISK_WINDOWS.length);
  readonly frauds = new Float64Array(RISK_WINDOWS.length);
  /** Days since the last known fraud; NaN = none is known. */
  daysSinceFraud = NaN;

  /** @param ring null: nothing is known */
  read(ring: Buffer | null, timeMs: number): void {
    this.count.fill(0);
    this.sum.fill(0);
    this.judged.fill(0);
    this.frauds.fill(0);
    this.daysSinceFraud = NaN;
    if (ring === null) return;
    const view = new DataView(ring.buffer, ring.byteOffset, ring.length);
    const slots = Math.floor(ring.length / SLOT_BYTES);
    const hour = Math.floor(timeMs / HOUR_MS);
    const today = Math.floor(timeMs / DAY_MS);
    for (let slot = 0; slot < slots; slot++) {
      const at = slot * SLOT_BYTES;
      const epoch = view.getUint32(at, true);
      if (epoch === 0) continue;
      if (slot < HOUR_SLOTS) this.takeHour(view, at, hour - epoch);
      else this.takeDay(view, at, today - epoch);
    }
  }

  private takeHour(view: DataView, at: number, age: number): void {
    if (age < 0) return;
    for (let w = 0; w < HOURS.length; w++) {
      if (age >= HOURS[w]!) continue;
      this.count[w]! += view.getUint32(at + 4, true);
      this.sum[w]! += view.getFloat64(at + 12, true);
    }
  }

  private takeDay(view: DataView, at: number, age: number): void {
    if (age < 0 || age > MEMORY_DAYS) return;
    const count = view.getUint32(at + 4, true);
    const frauds = view.getUint32(at + 8, true);
    for (let w = 0; w < DAYS.length; w++) {
      if (age >= DAYS[w]!) continue;
      this.count[HOURS.length + w]! += count;
      this.sum[HOURS.length + w]! += view.getFloat64(at + 12, true);
    }
    const judgedFor = age - LABEL_DELAY_DAYS;
    if (judgedFor >= 0) {
      for (let w = 0; w < RISK_DAYS.length; w++) {
        if (judgedFor > RISK_DAYS[w]!) continue;
        this.judged[w]! += count;
        this.frauds[w]! += frauds;
      }
    }
    if (frauds > 0 && !(age >= this.daysSinceFraud)) this.daysSinceFraud = age;
  }
}
