import { CALIBRATION_EDGES } from './calibration.js';
import { isInOrder, THRESHOLD_NAMES, type ScoreThresholds, type ThresholdName } from './outcome-threshold.js';

/** Where a threshold might lie. */
const GRID = [
  0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85,
  0.9, 0.95, 0.98, 0.99,
] as const;

/** Alternatives for each threshold, ascending; the one in force is among them. */
export type Alternatives = Readonly<Record<ThresholdName, readonly number[]>>;

/**
 * Those that are asked for; where none is, a grid between the neighbours in force, beyond which a threshold alone cannot go.
 */
export function alternativesOf(inForce: ScoreThresholds, asked: Partial<Alternatives>): Alternatives {
  const none = THRESHOLD_NAMES.every((name) => (asked[name] ?? []).length === 0);
  const of = (name: ThresholdName): number[] => {
    const others = none ? GRID.filter((at) => isInOrder(name, at, inForce)) : (asked[name] ?? []);
    return ascending([...others, inForce[name]]);
  };
  return { step_up: of('step_up'), review: of('review'), decline: of('decline') };
}

/** Lower edges of the bins of scores that calibration and these alternatives need, so that each of them is exact. */
export const scoreEdges = (alternatives: Alternatives): number[] =>
  ascending([...CALIBRATION_EDGES, ...THRESHOLD_NAMES.flatMap((name) => alternatives[name])]);

const ascending = (some: readonly number[]): number[] => [...new Set(some)].toSorted((a, b) => a - b);
