import type { Sample } from '../measure.js';
import type { PhaseName, SubjectName } from '../plan.js';
import { CPU, median, P50, P99, ratios, REDIS_CPU, samplesOf, type Figure } from './figures.js';

/** A figure that the project wants to reach. */
interface Goal {
  readonly label: string;
  readonly phase: PhaseName;
  readonly subject: SubjectName;
  readonly figure: Figure;
  /** The limit is a multiple of the echo's figure. */
  readonly timesEcho: boolean;
  readonly limit: number;
  readonly unit: string;
}

const GOALS: readonly Goal[] = [
  goal('CPU with Redis', 'closed', 'redis', CPU, 4.5, '× echo'),
  goal('CPU with the embedded store', 'closed', 'embedded', CPU, 3, '× echo'),
  goal('CPU of Redis, alone (one connection)', 'serial', 'redis', REDIS_CPU, 50, 'µs'),
  goal('CPU of Redis, in turns (32 connections)', 'closed', 'redis', REDIS_CPU, 35, 'µs'),
  goal('p50 with Redis at 5,000 per second', 'open-5000', 'redis', P50, 1, 'ms'),
  goal('p99 with Redis at 5,000 per second', 'open-5000', 'redis', P99, 12, 'ms'),
];

/**
 * The gate lets a CPU ratio exceed its goal by this factor. It is a choice, not a
 * calibration: rounds of one run have differed by half on a shared two-core machine. As the goals leave room
 * themselves, the gate catches a coarse regression; finer ones are for the long form.
 */
export const GATE_MARGIN = 1.35;

export interface Judgement {
  readonly goal: Goal;
  /** Median of the rounds, then the lowest and the highest round. */
  readonly measured: number;
  readonly lowest: number;
  readonly highest: number;
  /** The echo's own figure in the same phase; null where it has none. */
  readonly echo: number | null;
}

/** What was measured for each goal; goals whose measures were left out are left out. */
export function judge(samples: readonly Sample[]): Judgement[] {
  return GOALS.flatMap((g) => {
    const own = samplesOf(samples, g.phase, g.subject);
    const values = g.timesEcho
      ? ratios(own, samplesOf(samples, g.phase, 'echo'), g.figure)
      : own.map(g.figure.of).filter((v) => v !== null);
    if (values.length === 0) return [];
    const echoes = samplesOf(samples, g.phase, 'echo')
      .map(g.figure.of)
      .filter((v) => v !== null);
    return [
      {
        goal: g,
        measured: median(values),
        lowest: Math.min(...values),
        highest: Math.max(...values),
        echo: echoes.length === 0 ? null : median(echoes),
      },
    ];
  });
}

/** True when every CPU ratio that was measured is within its limit and the margin. */
export function passesGate(samples: readonly Sample[]): boolean {
  return judge(samples)
    .filter(({ goal: g }) => g.timesEcho)
    .every(({ goal: g, measured }) => measured <= g.limit * GATE_MARGIN);
}

function goal(
  label: string,
  phase: PhaseName,
  subject: SubjectName,
  of: Figure,
  limit: number,
  unit: string,
): Goal {
  return { label, phase, subject, figure: of, timesEcho: unit === '× echo', limit, unit };
}
