import { parseRollout, type ControlDocument, type Rollout } from '@fraud/platform';

/** Why a rollout was stopped: what was counted over all instances. */
export interface StoppedRollout {
  /** As in MODEL_ROLLOUT: the same version with another share is another rollout. */
  readonly rollout: string;
  readonly reason: string;
  readonly at: string;
}

/** What all instances have agreed on. */
export interface DesiredModels extends ControlDocument {
  /** Version that is to decide; null: nobody has chosen, so it is what the configuration says. */
  readonly active: string | null;
  /** What decided before. */
  readonly previous: string | null;
  /** A version that every instance holds ready, for a quick change. */
  readonly loaded: string | null;
  /** Rollouts that left their bounds. */
  readonly stopped: readonly StoppedRollout[];
  readonly changed_at: string;
  readonly changed_by: string;
}

/** What the environment says; it wins over what was agreed on. */
export interface ConfiguredModels {
  readonly active: string | undefined;
  readonly shadow: string | undefined;
  /** As in MODEL_ROLLOUT. */
  readonly rollout: string | undefined;
}

/** What an instance has to hold. */
export interface WantedModels {
  /** Undefined: whatever MODEL_URI has. */
  readonly active: string | undefined;
  readonly shadow: string | undefined;
  readonly rollout: Rollout | undefined;
  /** Held ready. */
  readonly ready: readonly string[];
}

/** Enough to see what happened; nobody needs to stop more of them. */
const MOST_STOPPED = 20;

export const NOTHING_DESIRED: DesiredModels = {
  revision: 0,
  active: null,
  previous: null,
  loaded: null,
  stopped: [],
  changed_at: '',
  changed_by: '',
};

export function wanted(configured: ConfiguredModels, desired: DesiredModels): WantedModels {
  const { rollout } = configured;
  const stopped = desired.stopped.some((one) => one.rollout === rollout);
  return {
    active: configured.active ?? desired.active ?? undefined,
    shadow: configured.shadow,
    rollout: rollout === undefined || stopped ? undefined : (parseRollout(rollout) ?? undefined),
    ready: [desired.previous, desired.loaded].filter((version) => version !== null),
  };
}

/** A change of what is desired, without revision and date. */
export type Change = (
  desired: DesiredModels,
) => Omit<DesiredModels, 'revision' | 'changed_at' | 'changed_by'>;

export const loaded =
  (version: string): Change =>
  (desired) => ({ ...desired, loaded: version });

/** @param running what decides now; null: nothing */
export const activated =
  (version: string, running: string | null): Change =>
  (desired) => ({
    ...desired,
    active: version,
    // Twice the same changes nothing: the way back stays open.
    previous: version === running || running === null ? desired.previous : running,
    loaded: desired.loaded === version ? null : desired.loaded,
  });

/** Back to what decided before; a second time, forward again. Null where there is nothing to go back to. */
export function rolledBack(desired: DesiredModels, running: string | null): Change | null {
  const { previous } = desired;
  return previous === null ? null : (now) => ({ ...now, active: previous, previous: running });
}

export const rolloutStopped =
  (stopped: StoppedRollout): Change =>
  (desired) =>
    desired.stopped.some(({ rollout }) => rollout === stopped.rollout)
      ? desired
      : { ...desired, stopped: [stopped, ...desired.stopped].slice(0, MOST_STOPPED) };
