import type { Sample } from '../measure/sample.js';
import type { PhaseName, SubjectName } from '../plan.js';
import { CORES } from '../servers/machine-cpu.js';

/** One figure of a measure: how to get it from a sample, and how to put rounds together. */
export interface Figure {
  readonly label: string;
  readonly digits: number;
  readonly of: (sample: Sample) => number | null;
  readonly rounds: 'median' | 'max';
}

export const CPU: Figure = define(
  'CPU of the process, µs per transaction',
  1,
  (s) => (s.cpu * 1e6) / s.load.requests,
);
export const REDIS_CPU: Figure = define('CPU of Redis, µs per transaction', 1, (s) =>
  s.redisCpu === null ? null : (s.redisCpu * 1e6) / s.load.requests,
);
const BROKER_CPU: Figure = define('CPU of the broker, µs per transaction', 1, (s) =>
  s.brokerCpu === null ? null : (s.brokerCpu * 1e6) / s.load.requests,
);
export const THROUGHPUT: Figure = define(
  'throughput, per second',
  0,
  (s) => s.load.requests / s.load.seconds,
);
export const P50: Figure = define('p50, ms', 2, (s) => s.load.latency?.p50 ?? null);
export const P99: Figure = define('p99, ms', 2, (s) => s.load.latency?.p99 ?? null);

/** The rows of every table but those of the garbage collector. */
export const FIGURES: readonly Figure[] = [
  THROUGHPUT,
  P50,
  P99,
  define('p99.9, ms', 2, (s) => s.load.latency?.p999 ?? null),
  define('slowest, ms', 2, (s) => s.load.latency?.max ?? null, 'max'),
  CPU,
  REDIS_CPU,
  BROKER_CPU,
];

/** The rows of the garbage collector, for the kinds of pause that occurred. */
export function gcFigures(samples: readonly Sample[]): Figure[] {
  const all = (s: Sample): number[] => Object.values(s.gc).flat();
  const perTransaction = define('GC, µs per transaction', 2, (s) => (sum(all(s)) * 1000) / s.load.requests);
  const kinds = [...new Set(samples.flatMap((s) => Object.keys(s.gc)))].toSorted();
  return [
    perTransaction,
    ...kinds.flatMap((kind) => {
      const of = (s: Sample): readonly number[] => s.gc[kind] ?? [];
      return [
        define(`GC ${kind}: pauses per 10,000`, 2, (s) => (of(s).length * 10_000) / s.load.requests),
        define(`GC ${kind}: total, ms per second`, 2, (s) => sum(of(s)) / s.load.seconds),
        define(`GC ${kind}: p99, ms`, 2, (s) => percentile(of(s), 0.99)),
        define(`GC ${kind}: longest, ms`, 2, (s) => percentile(of(s), 1), 'max'),
      ];
    }),
  ];
}

/** What other work took of the machine: it lengthens every latency and, through cold caches, adds to every CPU time. */
export const OTHERS: Figure = define(
  'other work, % of the machine',
  0,
  (s) => (100 * s.othersCpu) / (s.windowSeconds * CORES),
);

/** Rows that tell how far the others can be trusted. */
export const TRUST_FIGURES: readonly Figure[] = [
  define('degraded answers, %', 2, (s) => (100 * s.load.degraded) / s.load.requests, 'max'),
  define('load generator, % of a core', 0, (s) => (100 * s.generatorCpu) / s.windowSeconds),
  OTHERS,
  define('sent late by, p99, ms', 2, (s) => s.load.sentLateP99),
];

/** What all rounds say of a figure; null when it does not apply. */
export function overRounds(samples: readonly Sample[], figure: Figure): number | null {
  const values = samples.map(figure.of).filter((v) => v !== null);
  if (values.length === 0) return null;
  return figure.rounds === 'max' ? Math.max(...values) : median(values);
}

/** Each round's ratio to the figure of a yardstick in the same round; empty without one, or where its figure is 0. */
export function ratios(samples: readonly Sample[], yardsticks: readonly Sample[], figure: Figure): number[] {
  return samples.flatMap((sample) => {
    const yardstick = inRound(yardsticks, sample.round);
    const base = yardstick === undefined ? null : figure.of(yardstick);
    const value = figure.of(sample);
    return base === null || value === null || base === 0 ? [] : [value / base];
  });
}

export function inRound(samples: readonly Sample[], round: number): Sample | undefined {
  return samples.find((s) => s.round === round);
}

export function samplesOf(samples: readonly Sample[], phase: PhaseName, subject: SubjectName): Sample[] {
  return samples.filter((s) => s.phase === phase && s.subject === subject);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function define(
  label: string,
  digits: number,
  of: Figure['of'],
  rounds: Figure['rounds'] = 'median',
): Figure {
  return { label, digits, of, rounds };
}

function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  return values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1]!;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
