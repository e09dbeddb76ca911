import { mkdirSync } from 'node:fs';
import { PGlite, types } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient } from 'kysely';

const LONG_TEXT = 1024;

/** The embedded Postgres has one connection: whoever has it, has it alone. It runs in the calling thread. */
export async function embeddedPool(directory: string): Promise<PostgresPool> {
  mkdirSync(directory, { recursive: true });
  // Every commit is with the system before it is one.
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
  };
}

/** A long text as its bytes: a string is passed on letter by letter. */
const asBytes = (value: unknown): string =>
  (typeof value === 'string' && value.length >= LONG_TEXT ? Buffer.from(value) : value) as string;

const BYTES = { serializers: { [types.TEXT]: asBytes, [types.JSON]: asBytes } };

/** Kysely counts the rows of these. */
function commandOf(text: string): string {
  return (/^\s*(\w+)/.exec(text)?.[1] ?? '').toUpperCase();
}
