import type { LoadResult } from '../load/protocol.js';

/** One rate, offered in an open loop. */
export interface Step {
  /** Of the saturation. */
  readonly times: number;
  readonly perSecond: number;
  readonly load: LoadResult;
  /** Of /health meanwhile, ms. */
  readonly healthP99: number;
}

export interface OverloadRun {
  /** Transactions a second in a closed loop. */
  readonly saturation: number;
  readonly steps: readonly Step[];
  /** At half the saturation, at once behind the highest step: requests that were not answered whole. */
  readonly after: { readonly requests: number; readonly refused: number; readonly others: number };
}

export const goodput = ({ load }: Step): number => load.good / load.seconds;
export const refusedPerSecond = ({ load }: Step): number => (load.failures['503'] ?? 0) / load.seconds;
