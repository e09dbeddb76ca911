import type { LoadResult } from '../load/protocol.js';
import { isPartPhase, LOADS, type PhaseName, type SubjectName } from '../plan.js';
import type { Cpu } from './window.js';

/** One measure of one server under one load. */
export interface Sample extends Cpu {
  readonly subject: SubjectName;
  readonly phase: PhaseName;
  readonly round: number;
  readonly load: LoadResult;
  /** GC pauses of the server, milliseconds by kind; empty where it is no Node process. */
  readonly gc: Readonly<Record<string, readonly number[]>>;
}

/** Everything that one run brought. */
export interface Run {
  readonly samples: readonly Sample[];
  readonly redisVersion: string;
  /** CPU of a bare PING, one at a time, µs; null where Redis was not used. */
  readonly redisPingUs: number | null;
  /** What the FastAPI peer runs on; null where it was not measured. */
  readonly peerVersions: string | null;
}

/**
 * What makes a sample worthless; null when nothing does.
 * @param mostDegraded share of degraded answers that a closed loop, or the way over Kafka, may have
 */
export function invalid(
  { subject, phase, load: { failures, degraded, requests } }: Sample,
  mostDegraded: number,
): string | null {
  const failed = Object.entries(failures).map(([reason, count]) => `${count} × ${reason}`);
  if (failed.length > 0) return `${phase} ${subject}: ${failed.join(', ')}`;
  const open = phase !== 'kafka' && !isPartPhase(phase) && LOADS[phase].rate !== null;
  if (open || degraded <= requests * mostDegraded) return null;
  return `${phase} ${subject}: ${((100 * degraded) / requests).toFixed(1)} % of the answers were degraded`;
}
