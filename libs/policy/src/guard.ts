import type { GuardSide, Outcome } from '@fraud/contract';

/** When too much is declined, or decided without a score, and what happens then. */
export interface GuardPolicy {
  /** Shares are of the decisions of all instances within so long. */
  readonly window_seconds: number;
  /** Fewer decisions say nothing. */
  readonly least_decisions: number;
  /** It clears when shares have been well below their bounds for so long. */
  readonly clears_after_seconds: number;
  readonly declines: {
    /** Of their own share in the past; above that is too much, */
    readonly times_baseline: number;
    /** and above this share. */
    readonly least_share: number;
    /** `review`: what would be declined is reviewed meanwhile. */
    readonly safe_mode: (typeof DECLINES_SAFE_MODES)[number];
  };
  /** Decisions without a score: by the fail action, or by a bypass. */
  readonly unscored: {
    readonly most_share: number;
    /** `decline`: what has no score is declined meanwhile, whatever the fail action is. A bypass goes on. */
    readonly safe_mode: (typeof UNSCORED_SAFE_MODES)[number];
  };
}

const DECLINES_SAFE_MODES = ['none', 'review'] as const;
const UNSCORED_SAFE_MODES = ['none', 'decline'] as const;

/** In force where the policy has no guard: it tells, and changes nothing. */
export const USUAL_GUARD: GuardPolicy = {
  window_seconds: 300,
  least_decisions: 500,
  clears_after_seconds: 300,
  declines: { times_baseline: 3, least_share: 0.02, safe_mode: 'none' },
  unscored: { most_share: 0.01, safe_mode: 'none' },
};

const share = { type: 'number', minimum: 0, maximum: 1 };
const object = (properties: Readonly<Record<string, object>>): object => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});

/** JSON Schema of GuardPolicy. */
export const GUARD_SCHEMA = object({
  window_seconds: { type: 'integer', minimum: 10, maximum: 86_400 },
  least_decisions: { type: 'integer', minimum: 1 },
  clears_after_seconds: { type: 'integer', minimum: 0, maximum: 86_400 },
  declines: object({
    times_baseline: { type: 'number', minimum: 1 },
    least_share: share,
    safe_mode: { enum: DECLINES_SAFE_MODES },
  }),
  unscored: object({ most_share: share, safe_mode: { enum: UNSCORED_SAFE_MODES } }),
});

/** What was decided within a window. */
export interface GuardCounts {
  readonly decisions: number;
  /** What was declined, or would have been but for the guard. */
  readonly declines: number;
  readonly unscored: number;
}

/** What the guard knows of a side. */
export interface SideState {
  readonly tripped: boolean;
  /** Since when it is, or is not, ms since the epoch; null: from the beginning. */
  readonly sinceMs: number | null;
  /** When it was too much the last time, ms since the epoch. */
  readonly hotAtMs: number;
  /** Of the decisions of the window; NaN where there are none. */
  readonly share: number;
  /** Above is too much; NaN where nobody can say. */
  readonly bound: number;
}

export type GuardState = Readonly<Record<GuardSide, SideState>>;

const CALM: SideState = { tripped: false, sinceMs: null, hotAtMs: -Infinity, share: NaN, bound: NaN };
export const CALM_GUARD: GuardState = { declines: CALM, unscored: CALM };

/** What is tripped clears only well below the bound that it tripped above. */
const HYSTERESIS = 0.8;
/** Standard errors: what chance does once in a thousand windows is no alarm. */
const Z = 3;

/**
 * One look at what was decided.
 * @param baseline share of declines in the past; null: too little is known of it
 */
export function look(
  before: GuardState,
  { decisions, declines, unscored }: GuardCounts,
  baseline: number | null,
  nowMs: number,
  policy: GuardPolicy,
): GuardState {
  const enough = decisions >= policy.least_decisions;
  const { times_baseline: times, least_share: least } = policy.declines;
  const bound = baseline === null ? NaN : Math.max(least, times * baseline);
  const declined = declines / decisions;
  // Many times a tiny share may be chance.
  const isMore = baseline !== null && lowerBound(declined, decisions) > baseline;
  return {
    declines: next(before.declines, declined, bound, enough && isMore, nowMs, policy),
    unscored: next(before.unscored, unscored / decisions, policy.unscored.most_share, enough, nowMs, policy),
  };
}

function next(
  before: SideState,
  found: number,
  bound: number,
  counts: boolean,
  nowMs: number,
  { clears_after_seconds: clearsAfter }: GuardPolicy,
): SideState {
  const hot = counts && found > (before.tripped ? HYSTERESIS * bound : bound);
  const hotAtMs = hot ? nowMs : before.hotAtMs;
  const tripped = hot || (before.tripped && nowMs - hotAtMs < clearsAfter * 1000);
  const sinceMs = tripped === before.tripped ? before.sinceMs : nowMs;
  return { tripped, sinceMs, hotAtMs, share: found, bound };
}

/** Of a share of so many, by Wilson: it is hardly below. */
function lowerBound(found: number, n: number): number {
  const z2 = (Z * Z) / n;
  return (found + z2 / 2 - Z * Math.sqrt((found * (1 - found) + z2 / 4) / n)) / (1 + z2);
}

/** Which safe modes are in force. */
export type SafeModes = Readonly<Record<GuardSide, boolean>>;
export const NO_SAFE_MODE: SafeModes = { declines: false, unscored: false };

export const safeModesOf = ({ declines, unscored }: GuardState, policy: GuardPolicy): SafeModes => ({
  declines: declines.tripped && policy.declines.safe_mode === 'review',
  unscored: unscored.tripped && policy.unscored.safe_mode === 'decline',
});

/** The outcome under the safe modes, and by which side it was changed; null: it was not. */
export function guarded(
  outcome: Outcome,
  scored: boolean,
  modes: SafeModes,
): { readonly outcome: Outcome; readonly side: GuardSide | null } {
  if (scored && modes.declines && outcome === 'decline') return { outcome: 'review', side: 'declines' };
  if (!scored && modes.unscored && outcome !== 'decline') return { outcome: 'decline', side: 'unscored' };
  return { outcome, side: null };
}
