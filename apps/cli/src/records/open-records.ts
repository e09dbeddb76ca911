import type { Config } from '@fraud/platform';
import { openDatabase, Records, RecordsLocked, type RecordsReader } from '@fraud/records';
import { ApiClient } from '../http/api-client.js';
import { UserError } from '../user-error.js';
import { HttpReader } from './http-reader.js';

/** So long the embedded database may take to open, and what still waits to come to it. */
const OPEN_WITHIN_MS = 60_000;

/** The records, being read. */
export interface OpenedRecords {
  readonly reader: RecordsReader;
  readonly close: () => Promise<void>;
}

/**
 * Opens the records that the configuration names: a Postgres; the embedded ones; or, where a server has those open, by way of it.
 * @throws UserError where they cannot be read from here
 */
export async function openRecords(config: Config): Promise<OpenedRecords> {
  const { DATABASE_URL: url } = config;
  if (url !== undefined) {
    try {
      const store = await openDatabase({ url }, { retentionDays: null });
      return { reader: store, close: () => store.close() };
    } catch (cause) {
      throw new UserError(`DATABASE_URL cannot be read: ${(cause as Error).message}`, { cause });
    }
  }
  try {
    return await openEmbedded(config);
  } catch (cause) {
    if (cause instanceof RecordsLocked) return await throughServer(config);
    throw cause;
  }
}

async function openEmbedded(config: Config): Promise<OpenedRecords> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const records = Records.open(
    {
      directory: config.DATA_DIR,
      databaseUrl: undefined,
      // What is old is for a server to drop.
      retentionDays: null,
      spoolBytes: config.SPOOL_MAX_BYTES,
    },
    {
      written: () => undefined,
      aside: () => undefined,
      database: (up, message) => {
        if (up) resolve();
        else reject(new UserError(`the records in ${config.DATA_DIR} cannot be opened: ${message}`));
      },
    },
  );
  try {
    await promise;
    // What a server left in the spool belongs to them.
    await records.caughtUp(OPEN_WITHIN_MS);
  } catch (cause) {
    await records.close();
    throw cause;
  }
  return { reader: records.store, close: () => records.close() };
}

async function throughServer({ HOST, PORT, ADMIN_TOKEN }: Config): Promise<OpenedRecords> {
  const host = HOST === '0.0.0.0' ? '127.0.0.1' : HOST;
  const client = new ApiClient(`http://${host.includes(':') ? `[${host}]` : host}:${PORT}`, 1, ADMIN_TOKEN);
  await client.requireServer();
  return { reader: new HttpReader(client), close: () => client.close() };
}
