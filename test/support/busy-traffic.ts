import { simulate, type LabelledTransaction } from '@fraud/traffic';

/** Behind so many rows one belongs to the busy card. */
const EVERY = 6;

/**
 * Simulated traffic, in order of event time, in which one card pays so often that its log is cut, at terminals, from one
 * device and one address.
 */
export function busyTraffic(rows: number, seed: number): LabelledTransaction[] {
  const traffic: LabelledTransaction[] = [];
  for (const row of simulate({ seed, cards: 150, days: 60, fraud: 0.03 })) {
    if (traffic.length === rows) break;
    const n = traffic.length;
    const place = { terminal_id: `terminal-${n % 20}` };
    const busy = { card_id: 'busy', device_id: 'busy-device', ip: '203.0.113.7' };
    const transaction = { ...row.transaction, ...place, ...(n % EVERY === 0 ? busy : {}) };
    traffic.push({ ...row, transaction });
  }
  return traffic;
}
