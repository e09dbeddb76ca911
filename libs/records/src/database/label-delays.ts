import { sql, type Kysely } from 'kysely';
import type { LabelDelay } from '../store.js';
import { occurredWithin, WEEK } from './occurred-within.js';

/** How late frauds became known, of transactions from a moment until before another one, ms since the epoch. */
export async function labelDelays(
  db: Kysely<unknown>,
  fromMs: number,
  toMs: number,
): Promise<readonly LabelDelay[]> {
  const { rows } = await sql<LabelDelay>`
    select ${WEEK} as week, greatest(0, floor(extract(epoch from s.first_fraud_at - d.occurred_at) / 86400))::int as days,
      count(*)::int as frauds
    from label_states s join decision_ids i using (decision_id)
    join decisions d on d.decided_at = i.decided_at and d.decision_id = s.decision_id
    where s.fraud and ${occurredWithin(fromMs, toMs)} group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}
