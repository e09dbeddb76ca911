import type { RolloutShare } from './rollout-share.js';
import type { ServedModel } from './served-model.js';

/** Which models score: a snapshot, so that one turn sees one of them. */
export interface Serving {
  /** Null: none could be loaded yet. */
  readonly active: ServedModel | null;
  /** Decides for a share of the cards. */
  readonly candidate: { readonly model: ServedModel; readonly share: RolloutShare } | null;
  /** Scores the same rows behind the answers. */
  readonly shadow: ServedModel | null;
}

export const NOTHING_SERVED: Serving = { active: null, candidate: null, shadow: null };

/** What the pipeline works with. */
export interface ServingModels {
  /** As it is now; taken once a turn. */
  readonly serving: Serving;
  /** Told what the candidate did. */
  readonly tally: RolloutTally;
}

/** What a rollout's model did in this process since it was last asked. */
export class RolloutTally {
  private decisions = 0;
  private errors = 0;
  private declines = 0;

  /** @param decisions rows that were its to decide @param errors those without a usable score */
  add(decisions: number, errors: number, declines: number): void {
    this.decisions += decisions;
    this.errors += errors;
    this.declines += declines;
  }

  take(): { decisions: number; errors: number; declines: number } {
    const { decisions, errors, declines } = this;
    this.decisions = this.errors = this.declines = 0;
    return { decisions, errors, declines };
  }
}
