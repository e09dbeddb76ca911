import type { CurrentTransaction } from '@fraud/features';
import type { ScoringContext } from './context.js';
import { decideRow, type Without } from './decide-row.js';
import type { Decided } from './decided.js';
import type { Scored } from './scored.js';
import type { Stopwatch } from './stopwatch.js';
import type { Vectors } from './to-vectors.js';

/** What was decided of the rows of a turn. */
export interface DecidedTurn {
  /** Null: they cannot be recorded, and are refused then. */
  readonly decided: readonly Decided[] | null;
  readonly decidedAtMs: number;
}

/**
 * Decides the rows of a turn, and records the decisions before any answer leaves. Where they cannot be recorded, the policy has them refused, or
 * that makes them weaker: they are decided as degraded, which is stricter.
 * @param placeOf where in the turn a row arrived
 */
export function decideTurn(
  rows: readonly CurrentTransaction[],
  vectors: Vectors,
  scored: Scored,
  without: Without,
  watch: Stopwatch,
  placeOf: (row: number) => number,
  context: ScoringContext,
): DecidedTurn {
  const { log } = context;
  const decidedAtMs = Date.now();
  const decidedAt = { ms: decidedAtMs, text: new Date(decidedAtMs).toISOString() };
  const decide = (unrecorded: boolean): Decided[] => {
    const decisions = vectors.rows.map((i, n) =>
      decideRow(rows[i]!, n, vectors, scored, without, unrecorded, decidedAt, context),
    );
    watch.lap('policy');
    return decisions.map((decision, n) => {
      decision.timings_us = watch.timings(placeOf(vectors.rows[n]!));
      return { decision, json: log === null ? null : JSON.stringify(decision) };
    });
  };
  if (vectors.rows.length === 0 || log === null) return { decided: decide(false), decidedAtMs };
  if (!log.full) {
    const decided = decide(false);
    const recorded = log.append(rows, vectors, scored.scores?.contributions ?? null, decided);
    watch.lap('record');
    if (recorded) return { decided, decidedAtMs };
  }
  if (context.whenFull === 'refuse') return { decided: null, decidedAtMs };
  context.observer.failed('decision_unrecorded', vectors.rows.length);
  return { decided: decide(true), decidedAtMs };
}
