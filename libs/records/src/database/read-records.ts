import { decisionIdOf, type Decision, type Transaction } from '@fraud/contract';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { DecisionRecord, Door } from '../entry.js';
import type { RecordsFilter, RecordsPage, RecordsQuery } from '../store.js';
import { isDecisionId } from './decision-id.js';
import { RFC3339 } from './rfc3339.js';
import { readCursor, writeCursor, type Place } from './cursor.js';

interface Row {
  readonly instance: string;
  readonly sequence: number;
  readonly door: Door;
  readonly content_hash: string;
  readonly amount_reference: number | null;
  readonly repeated: boolean;
  readonly vector: string;
  readonly contributions: string | null;
  readonly transaction: string;
  readonly answer: string;
  readonly appended_at: string | null;
}

const SHARED = ['card_id', 'merchant_id', 'terminal_id', 'device_id', 'ip'] as const;

/** What a decision shares with others, and its place. */
type Shared = Record<(typeof SHARED)[number], string | null> & {
  readonly decided_at: string;
  readonly sequence: number;
};

const COLUMNS = sql.raw(`
  d.instance, d.sequence::double precision as sequence, d.door, d.content_hash, d.amount_reference, d.repeated,
  replace(encode(d.vector, 'base64'), E'\\n', '') as vector,
  replace(encode(d.contributions, 'base64'), E'\\n', '') as contributions, d.transaction, d.answer,
  to_char(d.appended_at at time zone 'UTC', '${RFC3339}') as appended_at`);

/** Where the decision of an id is. */
const byId = (id: string): RawBuilder<unknown> => sql`
  decision_ids i join decisions d on d.decided_at = i.decided_at and d.decision_id = i.decision_id
  where i.decision_id = ${id}::uuid`;

export async function readRecord(db: Kysely<unknown>, decisionId: string): Promise<DecisionRecord | null> {
  if (!isDecisionId(decisionId)) return null;
  const { rows } = await sql<Row>`select ${COLUMNS} from ${byId(decisionId)}`.execute(db);
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** @throws RangeError for a cursor that is none */
export async function readPage(db: Kysely<unknown>, query: RecordsQuery): Promise<RecordsPage> {
  const newest = query.order === 'newest';
  const conditions = conditionsOf(query);
  if (query.cursor !== undefined) conditions.push(beyond(readCursor(query.cursor), newest));
  const where = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
  const order = sql.raw(
    ['decided_at', 'sequence', 'decision_id'].map((c) => `d.${c}${newest ? ' desc' : ''}`).join(', '),
  );
  const { rows } = await sql<Row>`
    select ${COLUMNS} from decisions d where ${where} order by ${order} limit ${query.limit + 1}`.execute(db);
  return toPage(rows, query.limit);
}

/** @throws RangeError for a cursor that is none */
export async function readHistory(
  db: Kysely<unknown>,
  decisionId: string,
  withinMs: number,
  limit: number,
  cursor?: string,
): Promise<RecordsPage> {
  const after = cursor === undefined ? sql`true` : beyond(readCursor(cursor), false);
  if (!isDecisionId(decisionId)) return { records: [], next: null };
  const { rows: those } = await sql<Shared>`
    select to_char(d.decided_at at time zone 'UTC', ${sql.lit(RFC3339)}) as decided_at, d.sequence::double precision as sequence,
      d.card_id, d.merchant_id, d.terminal_id, d.device_id, d.ip
    from ${byId(decisionId)}`.execute(db);
  const it = those[0];
  if (it === undefined) return { records: [], next: null };
  const earliest = new Date(Math.max(0, Date.parse(it.decided_at) - withinMs)).toISOString();
  const before = beyond({ decidedAt: it.decided_at, sequence: it.sequence, decisionId }, true);
  // Each by its own index and no further than the page goes: a merchant may have millions.
  const places = SHARED.filter((entity) => it[entity] !== null).map(
    (entity) => sql`(
      select d.decided_at, d.sequence, d.decision_id from decisions d
      where d.${sql.ref(entity)} = ${it[entity]} and d.decided_at >= ${earliest} and ${before} and ${after}
      order by d.decided_at, d.sequence, d.decision_id limit ${limit + 1})`,
  );
  const { rows } = await sql<Row>`
    with places as materialized (
      select * from (${sql.join(places, sql` union `)}) p order by decided_at, sequence, decision_id limit ${limit + 1}
    )
    select ${COLUMNS} from places join decisions d using (decided_at, sequence, decision_id)
    order by d.decided_at, d.sequence, d.decision_id`.execute(db);
  return toPage(rows, limit);
}

function conditionsOf(filter: RecordsFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  const { transactionId, cardId, decision, source, fromMs, toMs } = filter;
  if (transactionId !== undefined) {
    const id = sql`${decisionIdOf(transactionId)}::uuid`;
    conditions.push(
      sql`d.decided_at = (select decided_at from decision_ids where decision_id = ${id}) and d.decision_id = ${id}`,
    );
  }
  if (cardId !== undefined) conditions.push(sql`d.card_id = ${cardId}`);
  if (decision !== undefined) conditions.push(sql`d.outcome = ${decision}`);
  if (source !== undefined) conditions.push(sql`d.source = ${source}`);
  if (fromMs !== undefined) conditions.push(sql`d.decided_at >= ${new Date(fromMs).toISOString()}`);
  if (toMs !== undefined) conditions.push(sql`d.decided_at < ${new Date(toMs).toISOString()}`);
  return conditions;
}

function beyond({ decidedAt, sequence, decisionId }: Place, newest: boolean): RawBuilder<unknown> {
  const than = sql.raw(newest ? '<' : '>');
  // The time alone, too: by that the database leaves out partitions.
  return sql`d.decided_at ${than}= ${decidedAt} and (d.decided_at, d.sequence, d.decision_id) ${than} (${decidedAt}, ${sequence}::bigint, ${decisionId}::uuid)`;
}

function toPage(rows: readonly Row[], limit: number): RecordsPage {
  const records = rows.slice(0, limit).map(toRecord);
  const last = records.at(-1);
  if (rows.length <= limit || last === undefined) return { records, next: null };
  const { decided_at, decision_id } = last.decision;
  const next = writeCursor({ decidedAt: decided_at, sequence: last.sequence, decisionId: decision_id });
  return { records, next };
}

function toRecord({ transaction, answer, appended_at, ...rest }: Row): DecisionRecord {
  return {
    ...rest,
    ...(appended_at !== null && { appended_at }),
    transaction: JSON.parse(transaction) as Transaction,
    decision: JSON.parse(answer) as Decision,
  };
}
