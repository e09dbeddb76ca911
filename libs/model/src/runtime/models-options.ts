import type { ControlStore } from '@fraud/platform';
import type { ConfiguredModels, StoppedRollout } from './desired.js';
import type { LoadEvent, VersionSource } from './held-models.js';
import type { RolloutGuard } from './rollout-watch.js';
import type { Serving } from './serving.js';

/** Told what happens to the models of this process. */
export interface ModelsObserver {
  loaded(event: LoadEvent): void;
  /** Other models score now. */
  swapped(serving: Serving): void;
  rolloutStopped(stopped: StoppedRollout): void;
  /** What was agreed on cannot be read, or what a rollout did cannot be counted: told at every look. */
  controlLost(cause: unknown): void;
}

export interface ModelsOptions {
  readonly source: VersionSource;
  /** Closed with the models. */
  readonly control: ControlStore;
  readonly configured: ConfiguredModels;
  readonly guard: RolloutGuard;
  readonly observer: ModelsObserver;
  /** Starts without the active model, whatever is wrong with it. */
  readonly patient?: boolean;
  /** Default: 500. */
  readonly lookEveryMs?: number;
}
