import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startServices } from '../../../scripts/lib/services/for-tests.mjs';
import type { LoadGenerator } from '../load-generator.js';
import { MetricsPage } from '../servers/prometheus.js';
import { treeCpuSeconds } from '../servers/process-cpu.js';
import { startServer } from '../servers/server.js';
import { fitted, fittedByNode, type Costs } from './costs.js';

/** Of a closed loop: from turns of one to turns of many. */
const CONNECTIONS = [1, 2, 4, 8, 16, 32, 64];
const WARM_UP_SECONDS = 3;
/** Work behind the last answers belongs to them. */
const SETTLE_MS = 300;
/** Of the cluster that is measured. */
const PRIMARIES = 3;

/** A closed loop of one process. */
interface Point {
  readonly connections: number;
  readonly perSecond: number;
  /** Transactions in a turn, on average. */
  readonly rows: number;
  /** CPU of a transaction, µs. */
  readonly apiUs: number;
  readonly redisUs: number;
}

export interface Measure {
  readonly points: readonly Point[];
  readonly costs: Costs;
}

type CleanUp = (stop: () => Promise<void>) => void;

interface Place {
  readonly api: string;
  readonly directory: string;
  readonly seconds: number;
  readonly cleanUp: CleanUp;
}

/** What a process costs with one Redis, and with a cluster of three primaries. */
export async function measureStore(
  service: 'redis' | 'redis-cluster',
  generator: LoadGenerator,
  { api, directory, seconds, cleanUp }: Place,
): Promise<Measure> {
  const { urls, pids, stop } = await startServices([service], join(directory, service), { own: true });
  cleanUp(stop);
  const setting = service === 'redis' ? 'REDIS_URL' : 'REDIS_CLUSTER_NODES';
  const server = await startServer(api, { [setting]: urls[service]!, RECORDS: 'off' }, directory);
  cleanUp(() => server.stop());
  // Primaries come first; what their replicas take is theirs.
  const primaries = pids[service]!.slice(0, service === 'redis' ? 1 : PRIMARIES);
  const redisCpu = (): number => primaries.reduce((total, pid) => total + treeCpuSeconds(pid), 0);
  const points: Point[] = [];
  let firstTransaction = 0;
  /** Null where it was too much: some were refused. */
  const load = async (lasts: number): Promise<number | null> => {
    const run = { seconds: lasts, rate: null, form: 'own', firstTransaction, wholeAnswer: null } as const;
    const { requests, failures } = await generator.run(run);
    if (Object.keys(failures).length > 0) return null;
    firstTransaction += requests;
    await sleep(SETTLE_MS);
    return requests;
  };
  for (const connections of CONNECTIONS) {
    await generator.connect(server.port, connections);
    if ((await load(WARM_UP_SECONDS)) === null) break;
    const before = { turns: await turnsOf(server.port), api: treeCpuSeconds(server.pid), redis: redisCpu() };
    const requests = await load(seconds);
    if (requests === null) break;
    const after = { api: treeCpuSeconds(server.pid), redis: redisCpu() };
    const turns = await turnsOf(server.port);
    points.push({
      connections,
      perSecond: requests / seconds,
      rows: (turns.rows - before.turns.rows) / (turns.turns - before.turns.turns),
      apiUs: ((after.api - before.api) * 1e6) / requests,
      redisUs: ((after.redis - before.redis) * 1e6) / requests,
    });
    const { rows, apiUs, redisUs } = points.at(-1)!;
    console.log(
      `${service}, ${connections} connections: ${Math.round(requests / seconds)} a second in turns of ${rows.toFixed(1)}, ` +
        `${apiUs.toFixed(1)} µs of the API, ${redisUs.toFixed(1)} µs of Redis`,
    );
  }
  const costs = {
    api: fitted(points.map(({ rows, apiUs: eachUs }) => ({ rows, eachUs }))),
    redis: fittedByNode(
      points.map(({ rows, redisUs: eachUs }) => ({ rows, eachUs })),
      primaries.length,
    ),
  };
  return { points, costs };
}

async function turnsOf(port: number): Promise<{ readonly rows: number; readonly turns: number }> {
  const page = await MetricsPage.of(port);
  return {
    rows: page.sum('fraud_turn_transactions_sum'),
    turns: page.sum('fraud_turn_transactions_count'),
  };
}

/** What a recorded decision takes in Postgres, with its indexes, bytes. */
export async function recordedBytes(
  generator: LoadGenerator,
  { api, directory, seconds, cleanUp }: Place,
): Promise<number> {
  const { urls, stop } = await startServices(['postgres'], join(directory, 'postgres'), { own: true });
  cleanUp(stop);
  const url = urls['postgres']!;
  const env = { DATABASE_URL: url, DATA_DIR: join(directory, 'data') };
  const server = await startServer(api, env, directory);
  cleanUp(() => server.stop());
  const client = new Client({ connectionString: url });
  await client.connect();
  cleanUp(() => client.end());
  const ask = async (sql: string): Promise<number> => {
    const { rows } = await client.query<{ value: string }>(sql);
    return Number(rows[0]!.value);
  };
  const size = (): Promise<number> => ask('select pg_database_size(current_database()) as value');
  const count = (): Promise<number> => ask('select count(*) as value from decisions');
  const empty = await size();
  await generator.connect(server.port, 32);
  const run = {
    seconds: 2 * seconds,
    rate: null,
    form: 'own',
    firstTransaction: 0,
    wholeAnswer: null,
  } as const;
  const { requests } = await generator.run(run);
  while ((await count()) < requests) await sleep(SETTLE_MS);
  return ((await size()) - empty) / requests;
}
