import { PostgresDialect } from 'kysely';
import type { DatabaseAddress } from '../thread/protocol.js';
import { embeddedPool } from './embedded-pool.js';
import { postgresPool } from './postgres-pool.js';

/** How Kysely speaks to a database. */
export async function openDialect(address: DatabaseAddress): Promise<PostgresDialect> {
  return new PostgresDialect({
    pool: 'url' in address ? postgresPool(address.url) : await embeddedPool(address.directory),
  });
}
