import { hash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Erased, Erasure } from '../store.js';
import { RFC3339 } from './rfc3339.js';
import { settleAlone } from './settle.js';

const COLUMNS = sql.raw(
  `to_char(at at time zone 'UTC', '${RFC3339}') as at, card_hash, asked_by, reason, decisions, labels`,
);

/** Takes a card away, in one transaction; that it was done is kept, by a hash of the card. */
export function erase(db: Kysely<unknown>, cardId: string, by: string, reason: string): Promise<Erased> {
  return db.transaction().execute(async (trx) => {
    await settleAlone(trx);
    // From now on, what still comes from a spool is not written.
    const { rows: audit } = await sql<{ id: string }>`
      insert into erasures (at, card_hash, asked_by, reason, decisions, labels)
      values (clock_timestamp(), ${hash('sha256', cardId, 'hex')}, ${by}, ${reason}, 0, 0)
      returning id::text`.execute(trx);
    const { rows: gone } = await sql<{ id: string; transaction_id: string }>`
      delete from decisions where card_id = ${cardId}
      returning decision_id::text as id, transaction::json->>'transaction_id' as transaction_id`.execute(trx);
    await sql`delete from conflicts where card_id = ${cardId}`.execute(trx);
    await sql`delete from bypass_ledger where card_id = ${cardId}`.execute(trx);
    const ids = JSON.stringify(gone.map(({ id }) => id));
    const among = sql`(select value::uuid from json_array_elements_text(${ids}::json))`;
    await sql`delete from decision_ids where decision_id in ${among}`.execute(trx);
    await sql`delete from label_states where decision_id in ${among}`.execute(trx);
    const { rows: labels } = await sql`delete from labels where decision_id in ${among} returning 1`.execute(
      trx,
    );
    const { rows: erasures } = await sql<Erasure>`
      update erasures set decisions = ${gone.length}, labels = ${labels.length}
      where id = ${audit[0]!.id}::bigint returning ${COLUMNS}`.execute(trx);
    return { ...erasures[0]!, transactionIds: gone.map((row) => row.transaction_id) };
  });
}

/** The erasures, the newest first. */
export async function readErasures(db: Kysely<unknown>, limit: number): Promise<readonly Erasure[]> {
  const { rows } = await sql<Erasure>`
    select ${COLUMNS} from erasures order by erasures.id desc limit ${limit}`.execute(db);
  return rows;
}
