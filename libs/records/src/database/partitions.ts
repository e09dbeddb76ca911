import { sql, type Kysely, type Transaction } from 'kysely';
import { forgetBeside } from './forget-beside.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05, a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const AHEAD = 3;
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
    /** Null: none is dropped. */
    private readonly retentionDays: number | null,
  ) {}

  /** Makes the partitions of weeks that have none. */
  async ensure(weeks: Iterable<number>): Promise<void> {
    const missing = [...new Set(weeks)].filter((week) => !this.known.has(week));
    if (missing.length === 0) return;
    await this.alone(async (trx) => {
      for (const week of missing) await make(week, trx);
    });
    for (const week of missing) this.known.add(week);
  }

  /** Another process has dropped some: what is known does not hold. */
  doubt(): void {
    this.known.clear();
  }

  /** @returns the partitions that are gone */
  async retain(nowMs: number): Promise<string[]> {
    const now = weekOf(nowMs);
    await this.ensure(Array.from({ length: AHEAD }, (_, i) => now + i * WEEK_MS));
    if (this.retentionDays === null) return [];
    const oldest = nowMs - this.retentionDays * DAY_MS;
    const past = (await this.names()).filter((name) => endOf(name) <= oldest);
    for (const name of past) {
      await forgetBeside(this.db, name, new Date(endOf(name)).toISOString());
      await this.alone((trx) => sql.raw(`drop table if exists ${name}`).execute(trx));
    }
    if (past.length > 0) this.doubt();
    return past;
  }

  private async names(): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass('decisions') order by 1`.execute(this.db);
    return rows.map(({ name }) => name);
  }

  /** One at a time, over all processes; and whoever reads for long is not waited for: all others would wait behind that. */
  private alone<T>(work: (trx: Transaction<unknown>) => Promise<T>): Promise<T> {
    return this.db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(trx);
      await sql`set local lock_timeout = '2s'`.execute(trx);
      return await work(trx);
    });
  }
}

/** A table of its own that becomes a partition: made as one, it would wait for all who read and write the others. */
async function make(week: number, trx: Transaction<unknown>): Promise<void> {
  const name = nameOf(week);
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${name}) is not null as there`.execute(trx);
  if (rows[0]!.there) return;
  const bounds = `from ('${day(week)}T00:00:00Z') to ('${day(week + WEEK_MS)}T00:00:00Z')`;
  await sql
    .raw(`create table ${name} (like decisions including defaults including constraints including indexes)`)
    .execute(trx);
  await sql.raw(`alter table decisions attach partition ${name} for values ${bounds}`).execute(trx);
}

function endOf(name: string): number {
  const digits = name.slice('decisions_'.length);
  return Date.parse(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`) + WEEK_MS;
}
