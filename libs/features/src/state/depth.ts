import type { LogEntity } from '@fraud/contract';
import { eventTimeMs } from './card-event.js';

/**
 * How many events of a log features look at: the last ones that arrived before the transaction. A store may keep more; what
 * it keeps beyond the depth depends on when it cut the log, and must not show in a feature.
 */
export const DEPTH = { card: 256, device: 64, ip: 128 } as const satisfies Record<LogEntity, number>;

/** Where the events begin that features look at. */
export const beginningOf = (log: Buffer, eventBytes: number, depth: number): number =>
  Math.max(0, Math.floor(log.length / eventBytes) - depth) * eventBytes;

/** Event time of the last event before them, ms; −Infinity where the log has no more. */
export const timeBeyond = (log: DataView, beginning: number, eventBytes: number): number =>
  beginning === 0 ? -Infinity : eventTimeMs(log, beginning - eventBytes);
