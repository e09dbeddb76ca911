import type { Degradation, Outcome, Reason } from '@fraud/contract';
import { FEATURE_NAMES } from '@fraud/features';

const MAX_MODEL_REASONS = 3;
/** A contribution below this (log-odds) explains nothing. */
const LEAST_CONTRIBUTION = 0.05;

const CODES = FEATURE_NAMES.map((name) => `model.${name}`);

/**
 * Why a transaction was not simply approved: what degraded the answer, then the features that raised the
 * score most. An approved transaction has no model reasons.
 * @param at where the row begins in `vectors` and `contributions`
 */
export function reasonsOf(
  outcome: Outcome,
  degraded: readonly Degradation[],
  vectors: Float32Array,
  contributions: Float32Array | null,
  at: number,
): Reason[] {
  const reasons: Reason[] = degraded.map((code) => ({ code }));
  if (outcome === 'approve' || contributions === null) return reasons;
  const taken: number[] = [];
  while (taken.length < MAX_MODEL_REASONS) {
    let best = -1;
    let highest = LEAST_CONTRIBUTION;
    for (let i = 0; i < CODES.length; i++) {
      if (contributions[at + i]! > highest && !taken.includes(i)) {
        best = i;
        highest = contributions[at + i]!;
      }
    }
    if (best < 0) break;
    taken.push(best);
    const value = vectors[at + best]!;
    reasons.push({
      code: CODES[best]!,
      value: Number.isNaN(value) ? null : round(value, 1e3),
      contribution: round(highest, 1e4),
    });
  }
  return reasons;
}

const round = (value: number, unit: number): number => Math.round(value * unit) / unit;
