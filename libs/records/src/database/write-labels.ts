import { decisionIdOf } from '@fraud/contract';
import { sql, type Transaction } from 'kysely';
import type { LabelEntry } from '../entry.js';
import type { Labelled } from '../store.js';
import { labelledOf } from './settle.js';

/** What labels have come to: how many are new, and the decisions that they are about, as a JSON list. */
export interface WrittenLabels {
  readonly labels: number;
  readonly about: string;
}

/** Of a label that comes again the first time counts, in whatever order the two arrive. */
export async function writeLabels(
  labels: readonly LabelEntry[],
  trx: Transaction<unknown>,
): Promise<WrittenLabels> {
  const json = JSON.stringify(
    labels.map((label) => ({ ...label, decision_id: decisionIdOf(label.transaction_id) })),
  );
  const { rows } = await sql<{ decision_id: string; fresh: boolean }>`
    insert into labels (decision_id, transaction_id, fraud, source, labelled_at, received_at)
    select distinct on (decision_id, labelled_at, source, fraud)
      decision_id, transaction_id, fraud, source, labelled_at, received_at
    from json_to_recordset(${json}::json) as l(
      decision_id uuid, transaction_id text, fraud boolean, source text, labelled_at timestamptz, received_at timestamptz
    )
    -- All who write take rows in this order: nobody waits for one that waits for it.
    order by decision_id, labelled_at, source, fraud, received_at
    on conflict (decision_id, labelled_at, source, fraud) do update set received_at = excluded.received_at
      where excluded.received_at < labels.received_at
    returning decision_id::text, xmax = 0 as fresh`.execute(trx);
  return {
    labels: rows.filter(({ fresh }) => fresh).length,
    about: JSON.stringify([...new Set(rows.map(({ decision_id }) => decision_id))]),
  };
}

/**
 * The latest label of a transaction is its state: the one that became known last; of those the one that came last; else fraud.
 * @param about decisions, as a JSON list
 * @returns what that changed in what is known of decisions
 */
export async function stateLabels(about: string, trx: Transaction<unknown>): Promise<Labelled[]> {
  const { rows } = await sql<{ changed: string }>`
    with before as materialized (
      select decision_id, fraud from label_states
      where known and decision_id in (select value::uuid from json_array_elements_text(${about}::json))
    ), after as (
    insert into label_states (decision_id, fraud, labelled_at, first_fraud_at, known)
    select distinct on (l.decision_id) l.decision_id, l.fraud, l.labelled_at,
      (select min(f.labelled_at) from labels f where f.decision_id = l.decision_id and f.fraud),
      exists (select from decision_ids i where i.decision_id = l.decision_id)
    from labels l where l.decision_id in (select value::uuid from json_array_elements_text(${about}::json))
    order by l.decision_id, l.labelled_at desc, l.received_at desc, l.fraud desc
    on conflict (decision_id) do update set fraud = excluded.fraud, labelled_at = excluded.labelled_at,
      first_fraud_at = excluded.first_fraud_at, known = excluded.known,
      -- A correction is applied at once, whoever is at the earlier one.
      claimed_until = '-infinity'
    returning decision_id, fraud, known)
    select coalesce(array_agg(decision_id)::text, '{}') as changed
    from after left join before using (decision_id)
    where after.known and after.fraud is distinct from before.fraud`.execute(trx);
  const { changed } = rows[0]!;
  return changed === '{}' ? [] : await labelledOf(changed, trx);
}
