import { mkdirSync } from 'node:fs';
import { PGlite, types } from '@electric-sql/pglite';
import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { DatabaseAddress } from '../thread/protocol.js';

const CONNECTIONS = 4;
const CONNECT_WITHIN_MS = 3000;
const STATEMENT_WITHIN_MS = 30_000;
const LONG_TEXT = 1024;

/** How Kysely speaks to a database. */
export async function openDialect(address: DatabaseAddress): Promise<PostgresDialect> {
  return new PostgresDialect({
    pool: 'url' in address ? postgresPool(address.url) : await embeddedPool(address.directory),
  });
}

function postgresPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    application_name: 'fraud-detection',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    // Also where the server is gone without a word.
    query_timeout: STATEMENT_WITHIN_MS + 2000,
    keepAlive: true,
  });
  // A connection that is lost while nobody uses it; whoever uses the next one notices.
  pool.on('error', () => undefined);
  return pool;
}

/** The embedded Postgres has one connection: whoever has it, has it alone. */
async function embeddedPool(directory: string): Promise<PostgresPool> {
  mkdirSync(directory, { recursive: true });
  // Every commit is on its way to the disk before it is one.
  const database = await PGlite.create({ dataDir: directory, relaxedDurability: false });
  let last: Promise<void> = Promise.resolve();
  const client = (release: () => void): PostgresPoolClient =>
    ({
      query: async (text: string, parameters: readonly unknown[]) => {
        const { rows, affectedRows } = await database.query(text, [...parameters], BYTES);
        return { command: commandOf(text), rowCount: affectedRows ?? rows.length, rows };
      },
      release,
    }) as unknown as PostgresPoolClient;
  return {
    options: {},
    connect: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const before = last;
      last = promise;
      await before;
      return client(resolve);
    },
    end: () => database.close(),
  } as PostgresPool;
}

/** A long text as its bytes: a string is passed on letter by letter. */
const asBytes = (value: unknown): string =>
  (typeof value === 'string' && value.length >= LONG_TEXT ? Buffer.from(value) : value) as string;

const BYTES = { serializers: { [types.TEXT]: asBytes, [types.JSON]: asBytes } };

/** Kysely counts the rows of these. */
function commandOf(text: string): string {
  return (/^\s*(\w+)/.exec(text)?.[1] ?? '').toUpperCase();
}
