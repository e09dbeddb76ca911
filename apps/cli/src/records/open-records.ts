import type { Config } from '@fraud/platform';
import { openDatabase, Records, type RecordsReader } from '@fraud/records';
import { UserError } from '../user-error.js';

/** The records, being read. */
export interface OpenedRecords {
  readonly reader: RecordsReader;
  close(): Promise<void>;
}

/**
 * Opens the records of the configuration: Postgres beside whoever else uses it, or the embedded ones, which no other process may
 * have open; what an earlier process left in its spool comes to the latter meanwhile.
 * @throws UserError, RecordsLocked
 */
export async function openRecords(config: Config): Promise<OpenedRecords> {
  const { RECORDS, DATABASE_URL: url, RECORDS_RETENTION_DAYS: retentionDays } = config;
  if (RECORDS === 'off') throw new UserError('RECORDS=off: there are no records to read');
  if (url === undefined) return await openEmbedded(config);
  try {
    const store = await openDatabase({ url }, { retentionDays });
    return { reader: store, close: () => store.close() };
  } catch (cause) {
    throw new UserError(
      `The records in DATABASE_URL cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

async function openEmbedded(config: Config): Promise<OpenedRecords> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const records = Records.open(
    {
      directory: config.DATA_DIR,
      databaseUrl: undefined,
      retentionDays: config.RECORDS_RETENTION_DAYS,
      spoolBytes: config.SPOOL_MAX_BYTES,
    },
    {
      written: () => undefined,
      aside: () => undefined,
      database: (up, message) => {
        if (up) resolve(undefined);
        else reject(new UserError(`The records in ${config.DATA_DIR} cannot be opened: ${message}`));
      },
    },
  );
  try {
    await promise;
  } catch (cause) {
    await records.close();
    throw cause;
  }
  return { reader: records.store, close: () => records.close() };
}
