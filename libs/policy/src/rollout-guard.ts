/** When a rollout ends by itself. Shares are of the decisions that it made within the window, over all instances. */
export interface RolloutBounds {
  /** Fewer decisions say nothing. */
  readonly least_decisions: number;
  readonly window_minutes: number;
  /** Most of its rows that may get no usable score. */
  readonly most_errors: number;
  /** Most of its decisions that may be declines. */
  readonly most_declines: number;
}

const share = { type: 'number', minimum: 0, maximum: 1 };

/** JSON Schema of RolloutBounds. */
export const ROLLOUT_SCHEMA = {
  type: 'object',
  required: ['least_decisions', 'window_minutes', 'most_errors', 'most_declines'],
  additionalProperties: false,
  properties: {
    least_decisions: { type: 'integer', minimum: 1 },
    window_minutes: { type: 'integer', minimum: 1, maximum: 1440 },
    most_errors: share,
    most_declines: share,
  },
};

/** What was counted of a rollout. */
export interface RolloutCounts {
  readonly decisions: number;
  readonly errors: number;
  readonly declines: number;
}

/** Why a rollout must end; null where it may go on. */
export function outOfBounds(
  { decisions, errors, declines }: RolloutCounts,
  bounds: RolloutBounds,
): string | null {
  if (decisions < bounds.least_decisions) return null;
  const found: string[] = [];
  const judge = (what: string, n: number, most: number): void => {
    if (n / decisions > most) {
      found.push(`${n} of ${decisions} ${what} (${percent(n / decisions)}), at most ${percent(most)} may be`);
    }
  };
  judge('without a usable score', errors, bounds.most_errors);
  judge('declined', declines, bounds.most_declines);
  return found.length === 0 ? null : found.join('; ');
}

const percent = (part: number): string => `${Number((part * 100).toPrecision(3))} %`;
