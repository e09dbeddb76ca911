import { UserError } from '../user-error.js';

/** Longest reach of any feature: the 30 days of its window behind the week in which fraud becomes known, and a margin. */
export const WARMUP_MS = 38 * 86_400_000;

/** What is judged; ms since the epoch, the ends may be infinite. */
export interface Period {
  /** From here on rows leave their traces in the histories. */
  readonly warmFromMs: number;
  /** From here on they are judged. */
  readonly fromMs: number;
  /** Rows from here on are left out. */
  readonly toMs: number;
}

/** @throws UserError where it ends before it begins */
export function periodOf(from: string | undefined, to: string | undefined, warmupMs: number): Period {
  const fromMs = from === undefined ? -Infinity : Date.parse(from);
  const toMs = to === undefined ? Infinity : Date.parse(to);
  if (fromMs >= toMs) throw new UserError(`--from ${from} is not before --to ${to}`);
  return { warmFromMs: fromMs - warmupMs, fromMs, toMs };
}
