import { sql, type Transaction } from 'kysely';
import type { AppliedLabel } from '../store.js';

/** Notes what features have been told. Rows are taken as all who write labels take them, see writeLabels. */
export async function noteApplied(
  applied: readonly AppliedLabel[],
  trx: Transaction<unknown>,
): Promise<void> {
  const json = JSON.stringify(
    applied.map(({ decisionId, fraud, appliedAt }) => ({
      decision_id: decisionId,
      fraud,
      applied_at: appliedAt,
    })),
  );
  const given = sql`json_to_recordset(${json}::json) as a(decision_id uuid, fraud boolean, applied_at timestamptz)`;
  await sql`with told as materialized (
      select l.id, a.applied_at from labels l join ${given} using (decision_id, fraud)
      where l.applied_at is null order by l.decision_id, l.labelled_at, l.source, l.fraud for update of l
    )
    update labels l set applied_at = told.applied_at from told where l.id = told.id`.execute(trx);
  await sql`with told as materialized (
      select s.decision_id, a.fraud from label_states s join ${given} using (decision_id)
      order by s.decision_id for update of s
    )
    update label_states s set applied = told.fraud, claimed_until = '-infinity'
    from told where s.decision_id = told.decision_id`.execute(trx);
}
