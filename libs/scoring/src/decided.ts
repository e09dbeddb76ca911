import type { Decision } from '@fraud/contract';

/** A decision; and its JSON text, where it is recorded: callers, topics and records get the same. */
export interface Decided {
  readonly decision: Decision;
  readonly json: string | null;
}
