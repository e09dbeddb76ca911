import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';

const CONNECTIONS = 4;
const CONNECT_WITHIN_MS = 3000;
const STATEMENT_WITHIN_MS = 30_000;
/** A process that stops within a transaction holds others up for so long. */
const IDLE_WITHIN_MS = 10_000;

/** Connections to a Postgres. Nothing waits longer than a statement may take, also where the server is gone without a word. */
export function postgresPool(
  url: string,
  { statementWithinMs = STATEMENT_WITHIN_MS }: { readonly statementWithinMs?: number } = {},
): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    application_name: 'fraud-detection',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: statementWithinMs,
    idle_in_transaction_session_timeout: IDLE_WITHIN_MS,
    query_timeout: statementWithinMs + 2000,
    keepAlive: true,
  });
  // A connection that is lost while nobody uses it; whoever uses the next one notices.
  pool.on('error', () => undefined);
  return {
    options: pool.options,
    connect: async () => guard(await pool.connect()),
    end: () => pool.end(),
  };
}

/** A connection on which an answer did not come in time is no use to the next one: that would wait for it, too. */
function guard(client: pg.PoolClient): PostgresPoolClient {
  let lost: Error | null = null;
  // Emitted while it is in use; the query fails, too.
  const fell = (cause: Error): void => {
    lost = cause;
  };
  client.on('error', fell);
  return {
    query: async (text: string, parameters: readonly unknown[]) => {
      if (lost !== null) throw lost;
      try {
        return await client.query(text, [...parameters]);
      } catch (cause) {
        // What the server says has a code; what has none is about the connection.
        if ((cause as { code?: unknown }).code === undefined) fell(cause as Error);
        throw cause;
      }
    },
    release: (destroy?: boolean) => {
      client.off('error', fell);
      client.release(destroy === true || lost !== null);
    },
  } as unknown as PostgresPoolClient;
}
