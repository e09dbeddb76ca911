import { sql, type Kysely } from 'kysely';

const AT_ONCE = 5000;

interface Last {
  readonly decided_at: string;
  readonly sequence: string;
  readonly decision_id: string;
}

/**
 * Takes away what stands beside the decisions of a partition that is about to go, in small steps; safe to repeat.
 * @param before the end of the partition, RFC 3339
 */
export async function forgetBeside(db: Kysely<unknown>, partition: string, before: string): Promise<void> {
  let last: Last | undefined = {
    decided_at: '-infinity',
    sequence: '0',
    decision_id: '00000000-0000-0000-0000-000000000000',
  };
  while (last !== undefined) {
    const { rows }: { rows: Last[] } = await sql<Last>`
      with step as materialized (
        select decided_at, sequence, decision_id from ${sql.raw(partition)}
        where (decided_at, sequence, decision_id) > (${last.decided_at}::timestamptz, ${last.sequence}::bigint, ${last.decision_id}::uuid)
        order by decided_at, sequence, decision_id limit ${sql.lit(AT_ONCE)}
      ), gone as (delete from decision_ids i using step where i.decision_id = step.decision_id and i.decided_at = step.decided_at),
      unlabelled as (delete from labels l using step where l.decision_id = step.decision_id),
      stateless as (delete from label_states s using step where s.decision_id = step.decision_id)
      select decided_at::text, sequence::text, decision_id::text from step
      order by step.decided_at desc, step.sequence desc, step.decision_id desc limit 1`.execute(db);
    last = rows[0];
  }
  await sql`delete from conflicts where decided_at < ${before}`.execute(db);
  await sql`delete from bypass_ledger where decided_at < ${before}`.execute(db);
  // Labels of transactions that were never decided here.
  const orphans = sql`not exists (select from decision_ids i where i.decision_id = l.decision_id)`;
  await sql`delete from label_states l where labelled_at < ${before} and not known`.execute(db);
  await sql`delete from labels l where received_at < ${before} and ${orphans}`.execute(db);
}
