import type { Decision, Problem } from '@fraud/contract';

/** One row's answer: a decision, or the code of its refusal. */
export type Verdict = { readonly decision: Decision } | { readonly refused: string };

/** What scores a replay: the pipeline in this process, or a server. */
export interface Scorer {
  /** Verdicts of a batch, in its order. */
  score(bodies: readonly unknown[]): Promise<readonly Verdict[]>;
  close(): Promise<void>;
}

/** A problem document or a decision, as a verdict. */
export function toVerdict(entry: Decision | Problem): Verdict {
  return 'decision_id' in entry ? { decision: entry } : { refused: entry.code };
}
