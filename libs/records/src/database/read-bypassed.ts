import type { Decision, Transaction } from '@fraud/contract';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Door } from '../entry.js';
import type { BypassPage, BypassQuery } from '../store.js';
import { readCursor, writeCursor } from './cursor.js';
import { RFC3339 } from './rfc3339.js';

interface Row {
  readonly decided_at: string;
  readonly decided_before: boolean;
  readonly content_hash: string;
  readonly door: Door;
  readonly instance: string;
  readonly amount_reference: number | null;
  readonly transaction: string;
  readonly answer: string;
}

/** @throws RangeError for a cursor that is none */
export async function readBypassed(db: Kysely<unknown>, query: BypassQuery): Promise<BypassPage> {
  const { fromMs, toMs, limit, cursor } = query;
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (fromMs !== undefined) conditions.push(sql`b.decided_at >= ${new Date(fromMs).toISOString()}`);
  if (toMs !== undefined) conditions.push(sql`b.decided_at < ${new Date(toMs).toISOString()}`);
  if (cursor !== undefined) {
    const { decidedAt, decisionId } = readCursor(cursor);
    conditions.push(sql`(b.decided_at, b.decision_id) > (${decidedAt}, ${decisionId}::uuid)`);
  }
  // Contents of one id share a page: a place is an id.
  const { rows } = await sql<Row>`
    select to_char(b.decided_at at time zone 'UTC', ${sql.lit(RFC3339)}) as decided_at, b.decided_before, b.content_hash, b.door, b.instance,
      b.amount_reference, b.transaction, b.answer
    from bypass_ledger b where ${sql.join(conditions, sql` and `)}
    order by b.decided_at, b.decision_id fetch first ${sql.lit(limit)} rows with ties`.execute(db);
  const entries = rows.map(({ transaction, answer, ...rest }) => ({
    ...rest,
    transaction: JSON.parse(transaction) as Transaction,
    decision: JSON.parse(answer) as Decision,
  }));
  const last = entries.at(-1);
  if (last === undefined || entries.length < limit) return { entries, next: null };
  // A place is an id: contents of one id that were let through in one moment share a page.
  const place = { decidedAt: last.decided_at, sequence: 0, decisionId: last.decision.decision_id };
  return { entries, next: writeCursor(place) };
}
