import { OUTCOMES, type Outcome } from '@fraud/contract';

/** Outcomes that have a threshold, the mildest first. */
export const THRESHOLD_NAMES = ['step_up', 'review', 'decline'] as const;
export type ThresholdName = (typeof THRESHOLD_NAMES)[number];

/** A score at or above a threshold gets its outcome, the most severe of them; below all of them it is approved. */
export type ScoreThresholds = Readonly<Record<ThresholdName, number>>;

/** Whether an outcome is as severe as that of a threshold, or more. */
export const reaches = (outcome: Outcome, name: ThresholdName): boolean =>
  OUTCOMES.indexOf(outcome) >= OUTCOMES.indexOf(name);

/** Whether thresholds would still rise with the outcomes if one of them were at another place. */
export function isInOrder(name: ThresholdName, threshold: number, inForce: ScoreThresholds): boolean {
  const { step_up, review, decline }: ScoreThresholds = { ...inForce, [name]: threshold };
  return step_up <= review && review <= decline;
}
