import type { Outcome } from '@fraud/contract';
import { sql, type Kysely } from 'kysely';
import type { QualityData } from '../store.js';

/** A transaction is decided after it happened, but for clocks that differ. */
const CLOCKS_DIFFER_MS = 86_400_000;

const WEEK = sql`to_char(date_trunc('week', d.occurred_at at time zone 'UTC'), 'YYYY-MM-DD')`;

export async function qualityData(db: Kysely<unknown>, fromMs: number, toMs: number): Promise<QualityData> {
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  const earliest = new Date(fromMs - CLOCKS_DIFFER_MS).toISOString();
  const within = sql`d.occurred_at >= ${from} and d.occurred_at < ${to} and d.decided_at >= ${earliest}`;
  const { rows: cells } = await sql<{
    week: string;
    outcome: Outcome;
    fraud: boolean | null;
    decisions: number;
    amount: number;
  }>`
    select ${WEEK} as week, d.outcome, s.fraud, count(*)::int as decisions,
      coalesce(sum(d.amount_reference), 0)::double precision as amount
    from decisions d left join label_states s using (decision_id)
    where ${within} group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  const { rows: delays } = await sql<{ week: string; days: number; frauds: number }>`
    select ${WEEK} as week, greatest(0, floor(extract(epoch from s.first_fraud_at - d.occurred_at) / 86400))::int as days,
      count(*)::int as frauds
    from label_states s join decision_ids i using (decision_id)
    join decisions d on d.decided_at = i.decided_at and d.decision_id = s.decision_id
    where s.fraud and ${within} group by 1, 2 order by 1, 2`.execute(db);
  return { cells, delays };
}
