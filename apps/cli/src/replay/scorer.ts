import type { Decision, Problem } from '@fraud/contract';

/** One row's answer: a decision, or the code of its refusal. */
export type Verdict = { readonly decision: Decision } | { readonly refused: string };

/** What scores a replay: the pipeline in this process, a server, or a consumer behind topics. */
export interface Scorer {
  /** Verdicts of a batch, in its order. */
  score(bodies: readonly unknown[]): Promise<readonly Verdict[]>;
  /** It answers no more. */
  over?(): boolean;
  /** What it found out by itself, for the report. */
  findings?(): readonly string[];
  /** The user wants to stop: no more will be asked. */
  hurry?(): void;
  close(): Promise<void>;
}

/** A problem document or a decision, as a verdict. */
export function toVerdict(entry: Decision | Problem): Verdict {
  return 'decision_id' in entry ? { decision: entry } : { refused: entry.code };
}
