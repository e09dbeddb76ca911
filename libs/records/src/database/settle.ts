import { sql, type Transaction } from 'kysely';
import type { Labelled } from '../store.js';

/** Any number that nothing else in the database uses. */
const LOCK = 7_201_338;

/**
 * From here to its end a transaction sees all that others of its kind have written. Who writes decisions shares this; who writes labels
 * or erases a card has it alone: else a decision and its label, or its erasure, that are written at the same time would not see
 * each other. What comes before is done side by side.
 */
export async function settleAlone(trx: Transaction<unknown>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(trx);
}

export async function settleTogether(trx: Transaction<unknown>): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${sql.lit(LOCK)})`.execute(trx);
}

/** The card of a row of `of` was erased after its decision was made. */
export const erasedSince = (of: 'l' | 'd') =>
  sql.raw(
    `exists (select from erasures e where e.card_hash = encode(sha256(convert_to(${of}.card_id, 'UTF8')), 'hex') and e.at >= ${of}.decided_at)`,
  );

export interface Settled {
  /** Decisions that went again. */
  readonly erased: number;
  /** Of those that stay: what their labels, which waited for them, say. */
  readonly labelled: readonly Labelled[];
}

/**
 * What others wrote of new decisions: labels that waited for them; and cards that were erased meanwhile, whose decisions go again.
 * @param fresh new decisions, as an array of Postgres
 */
export async function settleDecisions(fresh: string, trx: Transaction<unknown>): Promise<Settled> {
  const { rows } = await sql<{ erasures: boolean; met: string }>`
    with awaited as (
      update label_states set known = true where not known and decision_id = any(${fresh}::uuid[]) returning decision_id
    )
    select exists (select from erasures) as erasures, coalesce(array_agg(decision_id)::text, '{}') as met
    from awaited`.execute(trx);
  const { erasures, met } = rows[0]!;
  const erased = erasures ? await eraseAgain(fresh, trx) : 0;
  return { erased, labelled: met === '{}' ? [] : await labelledOf(met, trx) };
}

/** What a decision and its label that have met come to. */
export async function labelledOf(decisions: string, trx: Transaction<unknown>): Promise<Labelled[]> {
  const { rows } = await sql<Labelled>`
    select d.outcome, s.fraud, count(*)::int as decisions, coalesce(sum(d.amount_reference), 0)::double precision as amount
    from label_states s join decision_ids i using (decision_id)
    join decisions d on d.decided_at = i.decided_at and d.decision_id = s.decision_id
    where s.decision_id = any(${decisions}::uuid[]) group by 1, 2 order by 1, 2`.execute(trx);
  return rows;
}

/** @returns how many went */
async function eraseAgain(fresh: string, trx: Transaction<unknown>): Promise<number> {
  const { rows: gone } = await sql<{ decisions: number }>`
    with erased as (
      delete from decisions d using decision_ids i
      where i.decision_id = any(${fresh}::uuid[]) and d.decided_at = i.decided_at and d.decision_id = i.decision_id
        and ${erasedSince('d')}
      returning d.decision_id
    ), ids as (delete from decision_ids i using erased where i.decision_id = erased.decision_id),
    -- Their labels stay with those of transactions that were never decided.
    states as (update label_states s set known = false from erased where s.decision_id = erased.decision_id)
    select count(*)::int as decisions from erased`.execute(trx);
  return gone[0]!.decisions;
}
