import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARD_EVENT_BYTES } from '../state/card-event.js';
import { VISIT_BYTES, VISIT_WINDOW_MS } from '../state/visit.js';
import { forgottenUntilMs, isPastVisit } from './backfill.js';
import { CARD_LOG_CAP } from './store.js';

const START = Date.UTC(2026, 0, 5);

/** An event that begins as all do: identity, then time. */
function event(id: number, timeMs: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(id, 0);
  bytes.writeUIntLE(timeMs, 6, 6);
  return bytes;
}

/** Marks late events as the store does in Redis. */
function logOf(times: readonly number[]): Buffer {
  let youngest = 0;
  return Buffer.concat(
    times.map((time, i) => {
      const bytes = event(i, time, CARD_EVENT_BYTES);
      if (time < youngest) bytes[11]! |= 0x80;
      youngest = Math.max(youngest, time);
      return bytes;
    }),
  );
}

describe('forgottenUntilMs', () => {
  it('is never before an event that the log has lost, in whatever order they came', () => {
    const times = fc.array(fc.integer({ min: START, max: START + 200 }), {
      minLength: CARD_LOG_CAP + 1,
      maxLength: CARD_LOG_CAP + 60,
    });
    fc.assert(
      fc.property(times, (all) => {
        const lost = all.length - (CARD_LOG_CAP + 1);
        const kept = logOf(all).subarray(lost * CARD_EVENT_BYTES);
        const until = forgottenUntilMs(kept);
        for (const time of all.slice(0, lost)) expect(time).toBeLessThanOrEqual(until);
      }),
    );
  });

  it('is the time of the oldest event where all came in order, so that what is younger is taken', () => {
    const times = Array.from({ length: CARD_LOG_CAP + 1 }, (_, i) => START + i);
    expect(forgottenUntilMs(logOf(times))).toBe(START);
    expect(forgottenUntilMs(logOf(times.slice(1)))).toBe(-Infinity);
  });

  it('holds nothing for certain where every event of a full log came late', () => {
    const late = [START + 1e6, ...Array.from({ length: CARD_LOG_CAP + 1 }, (_, i) => START + i)];
    expect(forgottenUntilMs(logOf(late).subarray(CARD_EVENT_BYTES))).toBe(Infinity);
  });
});

describe('isPastVisit', () => {
  const visit = (timeMs: number): Buffer => event(1, timeMs, VISIT_BYTES);
  const log = Buffer.concat([visit(START + VISIT_WINDOW_MS), visit(START)]);

  it('holds for what no window of a visit behind the youngest reaches, and for nothing else', () => {
    expect(isPastVisit(log, visit(START))).toBe(true);
    expect(isPastVisit(log, visit(START + 1))).toBe(false);
    expect(isPastVisit(Buffer.alloc(0), visit(START))).toBe(false);
  });
});
