import type { Scores, ServedModel } from '@fraud/model';

/** What the models made of a turn's vectors. */
export interface Scored {
  /** Null: there is no model, or it failed. */
  readonly scores: Scores | null;
  /** What decides where there is no rollout, and for the control arm. */
  readonly active: ServedModel | null;
  /** Null without a rollout. */
  readonly rollout: { readonly model: ServedModel; readonly decides: readonly boolean[] } | null;
  /** It was not asked, since there was no time left for it. */
  readonly outOfTime: boolean;
}
