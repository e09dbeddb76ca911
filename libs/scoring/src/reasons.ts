import {
  DEGRADATION_TEXTS,
  GUARD_TEXTS,
  type Degradation,
  type GuardSide,
  type Outcome,
  type Reason,
} from '@fraud/contract';
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
 * score most. A guard that changed the outcome comes between. An approved transaction has no model reasons.
 * @param at where the row begins in `vectors` and `contributions`
 * @param guard the side of the guard that changed the outcome
 */
export function reasonsOf(
  outcome: Outcome,
  degraded: readonly Degradation[],
  vectors: Float32Array,
  contributions: Float32Array | null,
  at: number,
  guard: GuardSide | null = null,
): Reason[] {
  const reasons: Reason[] = degraded.map(degradedReason);
  if (guard !== null) reasons.push(guardReason(guard));
  if (outcome === 'approve' || contributions === null) return reasons;
  for (const feature of strongest(contributions, at)) {
    const value = vectors[at + feature]!;
    reasons.push(
      modelReason(
        CODES[feature]!,
        Number.isNaN(value) ? null : round(value, 1e3),
        round(contributions[at + feature]!, 1e4),
      ),
    );
  }
  return reasons;
}

/** The features that raised the score most, the strongest first; of equals the one that the catalogue has first. */
function strongest(contributions: Float32Array, at: number): number[] {
  const found: number[] = [];
  let least = LEAST_CONTRIBUTION;
  for (let i = 0; i < CODES.length; i++) {
    const contribution = contributions[at + i]!;
    if (!(contribution > least)) continue;
    let place = found.length;
    while (place > 0 && contributions[at + found[place - 1]!]! < contribution) place -= 1;
    found.splice(place, 0, i);
    if (found.length > MAX_MODEL_REASONS) found.pop();
    if (found.length === MAX_MODEL_REASONS) least = contributions[at + found.at(-1)!]!;
  }
  return found;
}

/** A reason with its sentence; the sentence follows from code and value. */
export function modelReason(code: string, value: number | null, contribution: number): Reason {
  const feature = FEATURE_OF.get(code);
  // Stored by another version, which had other features.
  const text = feature === undefined ? code : sentenceOf(feature, value);
  return { code, text, value, contribution };
}

export const guardReason = (side: GuardSide): Reason => ({ code: `guard.${side}`, text: GUARD_TEXTS[side] });

export const degradedReason = (code: Degradation): Reason => ({ code, text: DEGRADATION_TEXTS[code] });

const round = (value: number, unit: number): number => Math.round(value * unit) / unit;
