import { sql, type Kysely, type Transaction } from 'kysely';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05, a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const AHEAD = 3;
const IDS_AT_ONCE = 5000;
/** Any number that nothing else in the database uses: whoever changes partitions has this lock. */
const LOCK = 7_201_337;

/** The Monday, UTC, of a moment's week, ms since the epoch. */
export const weekOf = (ms: number): number =>
  Math.floor((ms - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const nameOf = (week: number): string => `decisions_${day(week).replaceAll('-', '')}`;

/** The partitions of the decisions: one for each week. */
export class Partitions {
  private readonly known = new Set<number>();

  constructor(
    private readonly db: Kysely<unknown>,
    private readonly retentionDays: number,
  ) {}

  /** Makes the partitions of weeks that have none. */
  async ensure(weeks: Iterable<number>): Promise<void> {
    const missing = [...new Set(weeks)].filter((week) => !this.known.has(week));
    if (missing.length === 0) return;
    await this.alone(async (trx) => {
      for (const week of missing) {
        await sql
          .raw(
            `create table if not exists ${nameOf(week)} partition of decisions for values from ('${day(week)}T00:00:00Z') to ('${day(week + WEEK_MS)}T00:00:00Z')`,
          )
          .execute(trx);
      }
    });
    for (const week of missing) this.known.add(week);
  }

  /** @returns the partitions that are gone */
  async retain(nowMs: number): Promise<string[]> {
    const now = weekOf(nowMs);
    await this.ensure(Array.from({ length: AHEAD }, (_, i) => now + i * WEEK_MS));
    const oldest = nowMs - this.retentionDays * DAY_MS;
    const dropped = await this.alone(async (trx) => {
      const { rows } = await sql<{ name: string }>`
        select c.relname as name from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        join pg_class p on p.oid = i.inhparent
        where p.relname = 'decisions' and c.relname like 'decisions\\_%' order by 1`.execute(trx);
      const past = rows.map(({ name }) => name).filter((name) => endOf(name) <= oldest);
      for (const name of past) await sql.raw(`drop table ${name}`).execute(trx);
      return past;
    });
    if (dropped.length > 0) {
      this.known.clear();
      await this.forget(Math.max(...dropped.map(endOf)));
    }
    return dropped;
  }

  /** What stood beside the partitions that were dropped goes in small steps. */
  private async forget(beforeMs: number): Promise<void> {
    const before = new Date(beforeMs).toISOString();
    for (;;) {
      const { rows } = await sql<{ decision_id: string }>`
        with gone as (
          delete from decision_ids where decision_id in
            (select decision_id from decision_ids where decided_at < ${before} limit ${IDS_AT_ONCE})
          returning decision_id
        ), unlabelled as (delete from labels l using gone g where l.decision_id = g.decision_id)
        , stateless as (delete from label_states s using gone g where s.decision_id = g.decision_id)
        select decision_id::text from gone limit 1`.execute(this.db);
      if (rows.length === 0) break;
    }
    await sql`delete from conflicts where decided_at < ${before}`.execute(this.db);
  }

  /** One at a time, over all processes. */
  private alone<T>(work: (trx: Transaction<unknown>) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(trx);
      return await work(trx);
    });
  }
}

function endOf(name: string): number {
  const digits = name.slice('decisions_'.length);
  return Date.parse(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`) + WEEK_MS;
}
