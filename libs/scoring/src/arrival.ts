import type { ParsedTransaction } from '@fraud/contract';

/** One transaction on its way through the pipeline. Stage 1, parse and validate, is `parseTransaction`. */
export interface Arrival {
  readonly parsed: ParsedTransaction;
  /** When it came in, `performance.now()`. */
  readonly arrivedAt: number;
}
