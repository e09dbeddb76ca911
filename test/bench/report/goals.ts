import type { Sample } from '../measure/sample.js';
import { PHASES, type PhaseName, type SubjectName } from '../plan.js';
import {
  CPU,
  inRound,
  median,
  P50,
  P99,
  ratios,
  REDIS_CPU,
  samplesOf,
  THROUGHPUT,
  type Figure,
} from './figures.js';

/**
 * CPU that the bare echo takes in the closed loop, µs, on the machine that the limits in µs, in ms and per second are
 * meant for. How much slower a machine is, and this minute of it, the echo of the same round says.
 */
export const REFERENCE_ECHO_US = 17.4;

/** A figure that the project wants to reach. */
export interface Goal {
  readonly label: string;
  readonly phase: PhaseName;
  readonly subject: SubjectName;
  readonly figure: Figure;
  /** The limit is a multiple of this one's figure in the same round; null: it is meant for the reference's speed. */
  readonly times: 'echo' | 'redis' | null;
  readonly direction: 'at most' | 'at least';
  readonly limit: number;
  readonly unit: string;
}

const atMost = { times: null, direction: 'at most' } as const;
const timesEcho = { ...atMost, times: 'echo', unit: '× echo', figure: CPU } as const;
const ofStore = { ...atMost, subject: 'store', unit: 'µs' } as const;
const ofFeatures = { ...atMost, subject: 'features', figure: CPU, unit: 'µs' } as const;
const ofModel = { ...atMost, subject: 'model', figure: CPU, unit: 'µs' } as const;
const ofDrift = { ...atMost, subject: 'drift', figure: CPU, limit: 1, unit: 'µs' } as const;
const closedRedis = { phase: 'closed', subject: 'redis' } as const;

/** In the order of the table. */
const GOALS: readonly Goal[] = [
  { ...timesEcho, label: 'CPU with Redis', ...closedRedis, limit: 4.5 },
  {
    ...timesEcho,
    label: 'CPU with Redis, recorded in Postgres',
    phase: 'closed',
    subject: 'recorded',
    limit: 4.8,
  },
  { ...timesEcho, label: 'CPU with the embedded store', phase: 'closed', subject: 'embedded', limit: 3 },
  { ...timesEcho, label: 'CPU over Kafka', phase: 'kafka', subject: 'kafka', limit: 3 },
  {
    label: 'decisions per second over Kafka',
    phase: 'kafka',
    subject: 'kafka',
    figure: THROUGHPUT,
    times: null,
    direction: 'at least',
    limit: 10_000,
    unit: 'per second',
  },
  {
    ...ofStore,
    label: 'CPU of Redis, store protocol alone',
    phase: 'store-alone',
    figure: REDIS_CPU,
    limit: 50,
  },
  { ...ofStore, label: 'CPU of its client, alone', phase: 'store-alone', figure: CPU, limit: 60 },
  { ...ofStore, label: 'CPU of Redis, in turns of 8', phase: 'store-turns', figure: REDIS_CPU, limit: 35 },
  { ...ofStore, label: 'CPU of its client, in turns of 8', phase: 'store-turns', figure: CPU, limit: 25 },
  {
    label: 'features alone, embedded, in replay',
    phase: 'features-replay',
    subject: 'features',
    figure: THROUGHPUT,
    times: null,
    direction: 'at least',
    limit: 60_000,
    unit: 'per second',
  },
  { ...ofFeatures, label: 'vector with 60 events of the card', phase: 'vectors-60', limit: 6 },
  { ...ofFeatures, label: 'vector with 256 events of the card', phase: 'vectors-256', limit: 20 },
  { ...ofModel, label: 'model with reasons, a row alone', phase: 'model-alone', limit: 15 },
  { ...ofModel, label: 'model with reasons, a row of 16', phase: 'model-16', limit: 4 },
  // A run holds the event loop; this many rows are its most.
  { ...ofModel, label: 'a row of the longest run, 128 rows in 2 ms', phase: 'model-128', limit: 2_000 / 128 },
  {
    label: 'CPU of Redis behind the API (32 connections)',
    ...atMost,
    ...closedRedis,
    figure: REDIS_CPU,
    limit: 35,
    unit: 'µs',
  },
  {
    label: 'p50 with Redis at 5,000 per second',
    ...atMost,
    phase: 'open-5000',
    subject: 'redis',
    figure: P50,
    limit: 1,
    unit: 'ms',
  },
  {
    label: 'p99 with Redis at 5,000 per second',
    ...atMost,
    phase: 'open-5000',
    subject: 'redis',
    figure: P99,
    limit: 12,
    unit: 'ms',
  },
  {
    label: 'p99 at 2,000 per second, recorded in Postgres',
    ...atMost,
    phase: 'open-2000',
    subject: 'recorded',
    figure: P99,
    times: 'redis',
    limit: 1.1,
    unit: '× unrecorded',
  },
  {
    label: 'CPU of recording on the event loop, alone',
    ...atMost,
    phase: 'record-alone',
    subject: 'record',
    figure: CPU,
    limit: 8,
    unit: 'µs',
  },
  {
    label: 'CPU of recording on the event loop, in turns of 8',
    ...atMost,
    phase: 'record-turns',
    subject: 'record',
    figure: CPU,
    limit: 8,
    unit: 'µs',
  },
  { ...ofDrift, label: 'CPU of watching for drift, alone', phase: 'drift-alone' },
  { ...ofDrift, label: 'CPU of watching for drift, in turns of 8', phase: 'drift-turns' },
  {
    label: 'CPU of the FastAPI peer, with Redis',
    phase: 'closed',
    subject: 'peer',
    figure: CPU,
    times: 'redis',
    direction: 'at least',
    limit: 4,
    unit: '× ours',
  },
];

/**
 * The gate lets a CPU ratio exceed its goal by this factor. It is a choice, not a
 * calibration: rounds of one run have differed by half on a shared two-core machine. As the goals leave room
 * themselves, the gate catches a coarse regression; finer ones are for the long form.
 */
export const GATE_MARGIN = 1.35;

export interface Judgement {
  readonly goal: Goal;
  /** Median of the rounds, as measured; null where the goal is a ratio. */
  readonly bare: number | null;
  /** What the limit is held to: the ratio, or the figure at the reference's speed. Median of the rounds, then the lowest and the highest. */
  readonly measured: number;
  readonly lowest: number;
  readonly highest: number;
  /** The echo's own figure in the phase that is the yardstick; null where it has none. */
  readonly echo: number | null;
}

/** What was measured for each goal; goals whose measures were left out are left out. */
export function judge(samples: readonly Sample[]): Judgement[] {
  return GOALS.flatMap((goal) => {
    const own = samplesOf(samples, goal.phase, goal.subject);
    const { yardstick } = PHASES[goal.phase];
    const bare = own.map(goal.figure.of).filter((v) => v !== null);
    const values =
      goal.times === null
        ? own.map((sample) => atReferenceSpeed(goal, sample, samples)).filter((v) => v !== null)
        : ratios(own, samplesOf(samples, yardstick, goal.times), goal.figure);
    if (values.length === 0) return [];
    const echoes = samplesOf(samples, yardstick, 'echo')
      .map(goal.figure.of)
      .filter((v) => v !== null);
    return [
      {
        goal,
        bare: goal.times === null ? median(bare) : null,
        measured: median(values),
        lowest: Math.min(...values),
        highest: Math.max(...values),
        echo: echoes.length === 0 ? null : median(echoes),
      },
    ];
  });
}

/** As it would be where the echo takes what it takes on the reference; as it is where no echo was measured. */
function atReferenceSpeed(
  { figure, direction }: Goal,
  sample: Sample,
  all: readonly Sample[],
): number | null {
  const value = figure.of(sample);
  const echo = inRound(samplesOf(all, 'closed', 'echo'), sample.round);
  const echoUs = echo === undefined ? null : CPU.of(echo);
  if (value === null || echoUs === null || echoUs === 0) return value;
  const slower = echoUs / REFERENCE_ECHO_US;
  return direction === 'at most' ? value / slower : value * slower;
}

/** Whether a goal is reached, or missed by no more than the margin, a factor. */
export function reached({ direction, limit }: Goal, measured: number, margin = 1): boolean {
  return direction === 'at most' ? measured <= limit * margin : measured >= limit / margin;
}

/** True when every ratio to the echo that was measured is within its limit and the margin. */
export function passesGate(samples: readonly Sample[]): boolean {
  return judge(samples)
    .filter(({ goal }) => goal.times === 'echo')
    .every(({ goal, measured }) => reached(goal, measured, GATE_MARGIN));
}
