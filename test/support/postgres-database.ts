import pg from 'pg';

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
