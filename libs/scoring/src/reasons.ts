import { DEGRADATION_TEXTS, type Degradation, type Outcome, type Reason } from '@fraud/contract';
import { CATALOGUE, sentenceOf, type Feature } from '@fraud/features';

const MAX_MODEL_REASONS = 3;
/** A contribution below this (log-odds) explains nothing. */
const LEAST_CONTRIBUTION = 0.05;

const CODES = CATALOGUE.map(({ name }) => `model.${name}`);
const FEATURE_OF: ReadonlyMap<string, Feature> = new Map(
  CATALOGUE.map((feature) => [`model.${feature.name}`, feature] as const),
);

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
  const reasons: Reason[] = degraded.map(degradedReason);
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
    reasons.push(
      modelReason(CODES[best]!, Number.isNaN(value) ? null : round(value, 1e3), round(highest, 1e4)),
    );
  }
  return reasons;
}

/** A reason with its sentence; the sentence follows from code and value. */
export function modelReason(code: string, value: number | null, contribution: number): Reason {
  const feature = FEATURE_OF.get(code);
  // Stored by another version, which had other features.
  const text = feature === undefined ? code : sentenceOf(feature, value);
  return { code, text, value, contribution };
}

export const degradedReason = (code: Degradation): Reason => ({ code, text: DEGRADATION_TEXTS[code] });

const round = (value: number, unit: number): number => Math.round(value * unit) / unit;
