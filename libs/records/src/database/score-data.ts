import { sql, type Kysely } from 'kysely';
import type { ScoreCell, ScoreData, ScoreRange } from '../store.js';
import { labelDelays } from './label-delays.js';
import { occurredWithin, WEEK } from './occurred-within.js';

export async function scoreData(
  db: Kysely<unknown>,
  { fromMs, toMs, learnFromMs, edges }: ScoreRange,
): Promise<ScoreData> {
  const array = `{${edges.join(',')}}`;
  // The database compares as the policy does: the same doubles, and an edge belongs to the bin above it.
  const { rows: cells } = await sql<ScoreCell>`
    select ${WEEK} as week, d.model, d.source, d.degraded <> '[]' as degraded,
      width_bucket(d.score, ${array}::double precision[]) as bin, d.outcome, s.fraud, count(*)::int as decisions,
      coalesce(sum(d.amount_reference), 0)::double precision as amount,
      count(*) filter (where d.amount_reference is null)::int as without_amount,
      coalesce(sum(d.score), 0)::double precision as scores,
      coalesce(sum(d.score * d.score), 0)::double precision as scores_squared
    from decisions d left join label_states s using (decision_id)
    where ${occurredWithin(fromMs, toMs)} group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7`.execute(
    db,
  );
  return { cells, delays: await labelDelays(db, learnFromMs, toMs) };
}
