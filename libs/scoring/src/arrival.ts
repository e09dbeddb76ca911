import type { ParsedTransaction } from '@fraud/contract';
import type { Settlement } from './settlement.js';

/** One transaction on its way through the pipeline. Stage 1, parse and validate, is `parseTransaction`. */
export interface Arrival {
  readonly parsed: ParsedTransaction;
  /** When it came in, `performance.now()`. */
  readonly arrivedAt: number;
  /** How long it may take, ms. Default: that of the context. */
  readonly budgetMs?: number | undefined;
  /** Follows the decision to the store, where somebody waits for that. */
  readonly settlement?: Settlement | undefined;
  /** It may wait for the decision of another attempt that was seen, but has not stored one yet. */
  readonly mayWait?: boolean | undefined;
}
