import { sql, type Kysely } from 'kysely';
import type { QualityCell, QualityData } from '../store.js';
import { labelDelays } from './label-delays.js';
import { occurredWithin, WEEK } from './occurred-within.js';

export async function qualityData(db: Kysely<unknown>, fromMs: number, toMs: number): Promise<QualityData> {
  const { rows: cells } = await sql<QualityCell>`
    select ${WEEK} as week, d.outcome, s.fraud, count(*)::int as decisions,
      coalesce(sum(d.amount_reference), 0)::double precision as amount
    from decisions d left join label_states s using (decision_id)
    where ${occurredWithin(fromMs, toMs)} group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return { cells, delays: await labelDelays(db, fromMs, toMs) };
}
