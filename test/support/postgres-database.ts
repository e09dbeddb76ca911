import pg from 'pg';
import { until } from './until.js';

/** An empty database of its own in a Postgres. @param name each test file takes another */
export async function emptyPostgres(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return new URL(`/${name}`, url).href;
}

/** A connection to records whose tables are there: the product answers before it has made them. */
export async function connectToRecords(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await until(async () => {
    const { rows } = await client.query<{ made: boolean }>(
      `select to_regclass('decisions') is not null as made`,
    );
    return rows[0]!.made;
  });
  return client;
}
