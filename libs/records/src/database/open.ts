import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { RecordsStore } from '../store.js';
import type { DatabaseAddress } from '../thread/protocol.js';
import { openDialect } from './driver.js';
import { migrations } from './migrations.js';
import { SqlRecords } from './sql-records.js';

/**
 * Opens the records in the calling thread, which drops nothing, and brings their schema to what this version needs. Several may do so at once.
 * @throws where the database cannot be reached, or was changed by a newer version
 */
export async function openDatabase(
  address: DatabaseAddress,
  { retentionDays }: { readonly retentionDays: number | null },
): Promise<RecordsStore> {
  const db = new Kysely<unknown>({ dialect: await openDialect(address) });
  try {
    const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
    if (error !== undefined)
      throw error instanceof Error ? error : new Error('the schema could not be made', { cause: error });
  } catch (cause) {
    await db.destroy().catch(() => undefined);
    throw cause;
  }
  return new SqlRecords(db, retentionDays);
}
