import { psi } from './psi.js';
import type { Column, DriftReference } from './reference.js';
import { leastRows, thresholdOf } from './threshold.js';

/** `insufficient`: too few rows to say anything. */
export type Verdict = 'calm' | 'drift' | 'insufficient';

/** One column of a sample beside the reference. */
export interface Reading {
  /** A feature, `score`, or a field of the transaction that holds codes. */
  readonly feature: string;
  readonly verdict: Verdict;
  /** Null where there are too few rows: never 0. */
  readonly psi: number | null;
  /** Above it there is drift. Null as above. */
  readonly threshold: number | null;
  readonly rows: number;
  readonly bins: readonly BinReading[];
}

interface BinReading {
  /** As `Bin` names it. */
  readonly bin: string;
  readonly expected: number;
  readonly rows: number;
  /** It holds from <= value < to; null = without an end, or unknown, and for those that hold no range. */
  readonly from: number | null;
  readonly to: number | null;
}

/** @param counts rows by bin of the column */
export function readingOf(
  column: Column,
  counts: readonly number[],
  { rows: referenceRows }: Pick<DriftReference, 'rows'>,
): Reading {
  const rows = counts.reduce((a, b) => a + b, 0);
  const bins = column.bins.map(({ name, expected, from, to }, i) => ({
    bin: name,
    expected,
    rows: counts[i]!,
    from,
    to,
  }));
  if (rows < leastRows(bins.length))
    return { feature: column.name, verdict: 'insufficient', psi: null, threshold: null, rows, bins };
  const index = psi(
    bins.map(({ expected }) => expected),
    counts,
  );
  const threshold = thresholdOf(bins.length, rows, referenceRows);
  const verdict = index > threshold ? 'drift' : 'calm';
  return { feature: column.name, verdict, psi: index, threshold, rows, bins };
}

/** Of a whole sample: drift where one of them has, insufficient where one is, and none has drifted. */
export function verdictOf(readings: readonly Reading[]): Verdict {
  if (readings.some(({ verdict }) => verdict === 'drift')) return 'drift';
  return readings.some(({ verdict }) => verdict === 'insufficient') ? 'insufficient' : 'calm';
}
