import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectToRecords, emptyPostgres } from '../support/postgres-database.js';
import { startApi, type ProductProcess } from '../support/product-process.js';
import { SteadyLoad } from '../support/steady-load.js';
import { sample } from '../support/transactions.js';
import { until } from '../support/until.js';

/** The long form is 20: FRAUD_KILLS=20 npm test -- test/fault/records-kills.spec.ts */
const KILLS = Number(process.env['FRAUD_KILLS'] ?? 3);
const PER_SECOND = 2000;

let directory: string;
let api: ProductProcess | undefined;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'kills-'));
});
afterEach(async () => {
  await api?.stop();
  await rm(directory, { recursive: true });
});

/** Decision id → the recorded answer. */
type Recorded = ReadonlyMap<string, string>;

const QUERY = 'select decision_id::text as id, answer from decisions';
const toMap = (rows: readonly unknown[]): Recorded =>
  new Map((rows as { id: string; answer: string }[]).map(({ id, answer }) => [id, answer]));

async function readPostgres(url: string): Promise<Recorded> {
  const client = await connectToRecords(url);
  const { rows } = await client.query(QUERY);
  await client.end();
  return toMap(rows);
}

async function readEmbedded(): Promise<Recorded> {
  const database = await PGlite.create(path.join(directory, 'records', 'database'));
  const { rows } = await database.query(QUERY);
  await database.close();
  return toMap(rows);
}

/** What a write leaves that was cut off in the middle: nobody was answered for it. */
function tear(): void {
  const spool = path.join(directory, 'spool', '0');
  const last = readdirSync(spool)
    .filter((name) => name.endsWith('.ndjson'))
    .toSorted()
    .at(-1)!;
  const [line = ''] = readFileSync(path.join(spool, last), 'utf8').split('\n');
  appendFileSync(path.join(spool, last), line.slice(0, Math.floor(line.length / 2)));
}

const spoolBytes = async (): Promise<number | undefined> =>
  sample(await (await fetch(`${api!.url}/metrics`)).text(), 'fraud_spool_bytes');

describe.each([
  { name: 'Postgres', embedded: false },
  { name: 'the embedded database', embedded: true },
])('records in $name', ({ embedded }) => {
  it(`hold every answer that ever left, and no other, after ${KILLS} kills -9 under load and a torn last line`, async () => {
    const url = embedded ? undefined : await emptyPostgres(inject('postgresUrl'), 'records_kills');
    const env = {
      DATA_DIR: directory,
      LOG_LEVEL: 'error',
      RECORDS: 'on',
      ...(url === undefined ? {} : { DATABASE_URL: url }),
    };
    const answered = new Map<string, string>();
    for (let kill = 0; kill < KILLS; kill++) {
      api = await startApi(env);
      const load = new SteadyLoad(api.url, PER_SECOND);
      const running = load.run();
      // Some kills come before the database is open, some in the middle of its work.
      await sleep(300 + 1700 * ((kill + 1) / KILLS));
      await api.stop('SIGKILL');
      load.stop();
      await running;
      for (const [id, text] of load.answers) answered.set(id, text);
      if (kill === KILLS - 1) tear();
    }
    api = await startApi(env);
    await until(async () => (await spoolBytes()) === 0, 60);
    await api.stop();
    const recorded = url === undefined ? await readEmbedded() : await readPostgres(url);

    const lost = [...answered].filter(([id, text]) => recorded.get(id) !== text);
    process.stdout.write(
      `${KILLS} kills, ${answered.size} answered, ${recorded.size} recorded, ${lost.length} lost or other\n`,
    );
    expect(lost).toEqual([]);
    expect(answered.size).toBeGreaterThan(KILLS * 500);
    // Recorded, and killed before the answer was on its way: what one turn and the connections hold.
    expect(recorded.size - answered.size).toBeLessThanOrEqual(KILLS * 40);
  });
});
