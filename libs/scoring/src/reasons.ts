import {
  DEGRADATION_TEXTS,
  GUARD_TEXTS,
  type Degradation,
  type GuardSide,
  type Outcome,
  type Reason,
} from '@fraud/contract';
import { CATALOGUE, sentenceOf, type Feature } from '@fraud/features';
import type { Rule } from '@fraud/policy';

const MAX_REASONS = 5;
const MAX_MODEL_REASONS = 3;
/** A contribution below this (log-odds) explains nothing. */
const LEAST_CONTRIBUTION = 0.05;

const CODES = CATALOGUE.map(({ name }) => `model.${name}`);
const FEATURE_OF: ReadonlyMap<string, Feature> = new Map(
  CATALOGUE.map((feature) => [`model.${feature.name}`, feature] as const),
);

/** A rule that decided. */
export type DecidingRule = Pick<Rule, 'reason' | 'sentence'>;

/**
 * Why a transaction got its outcome, at most five: the rules that decided, what degraded the answer, a guard that changed the outcome, then the
 * features that raised the score most. What degrades and guards is always named, and one rule at least. An approved transaction has no model
 * reasons.
 * @param by the rules that decided
 * @param at where the row begins in `vectors` and `contributions`
 * @param guard the side of the guard that changed the outcome
 */
export function reasonsOf(
  outcome: Outcome,
  by: readonly DecidingRule[],
  degraded: readonly Degradation[],
  vectors: Float32Array,
  contributions: Float32Array | null,
  at: number,
  guard: GuardSide | null = null,
): Reason[] {
  const fixed = degraded.map(degradedReason);
  if (guard !== null) fixed.push(guardReason(guard));
  const reasons =
    by.length === 0 ? fixed : [...ruleReasons(by, Math.max(1, MAX_REASONS - fixed.length)), ...fixed];
  if (outcome === 'approve' || contributions === null) return reasons;
  for (const feature of strongest(contributions, at)) {
    if (reasons.length >= MAX_REASONS) break;
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

/** Of rules with the same reason, the first says it. */
function ruleReasons(by: readonly DecidingRule[], most: number): Reason[] {
  const sentences = new Map<string, string>();
  for (const { reason, sentence } of by) if (!sentences.has(reason)) sentences.set(reason, sentence);
  return [...sentences].slice(0, most).map(([reason, sentence]) => ruleReason(reason, sentence));
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

export const ruleReason = (reason: string, text: string): Reason => ({ code: `rule.${reason}`, text });

export const guardReason = (side: GuardSide): Reason => ({ code: `guard.${side}`, text: GUARD_TEXTS[side] });

export const degradedReason = (code: Degradation): Reason => ({ code, text: DEGRADATION_TEXTS[code] });

const round = (value: number, unit: number): number => Math.round(value * unit) / unit;
