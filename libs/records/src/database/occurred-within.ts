import { sql, type RawBuilder } from 'kysely';

/** A transaction is decided after it happened, but for clocks that differ. */
const CLOCKS_DIFFER_MS = 86_400_000;

/** Monday of the week of a transaction, UTC, of decisions `d`. */
export const WEEK = sql`to_char(date_trunc('week', d.occurred_at at time zone 'UTC'), 'YYYY-MM-DD')`;

/**
 * Of decisions `d`, those whose transactions happened from a moment until before another one, ms since the epoch. The bound on when
 * they were decided leaves whole partitions out.
 */
export function occurredWithin(fromMs: number, toMs: number): RawBuilder<unknown> {
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  const earliest = new Date(fromMs - CLOCKS_DIFFER_MS).toISOString();
  return sql`d.occurred_at >= ${from} and d.occurred_at < ${to} and d.decided_at >= ${earliest}`;
}
