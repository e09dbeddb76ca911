import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServices, type ServiceNode } from '../../scripts/lib/services/for-tests.mjs';
import { table } from '../bench/report/markdown-table.js';
import { REPOSITORY } from '../support/cli.js';
import { ConsumerGroup } from '../support/consumer-group.js';
import { GroupProgress } from '../support/group-progress.js';
import { withRedis } from '../support/histories.js';
import { KafkaBench } from '../support/kafka.js';
import { Ledger, type Account } from '../support/ledger.js';
import { connectToRecords, emptyPostgres } from '../support/postgres-database.js';
import { startRedisSentinel } from '../support/redis-nodes.js';
import { until } from '../support/until.js';

const PARTITIONS = 6;
const MAX_POLL_RECORDS = 100;
const PARTITIONS_CONCURRENTLY = 4;
/** What a process has taken and not finished at most: all that a crash can leave uncounted. */
const MOST_UNDER_WAY = MAX_POLL_RECORDS * PARTITIONS_CONCURRENTLY;
/** The long form: FRAUD_FAULT_MESSAGES=100000. */
const MESSAGES = Number(process.env['FRAUD_FAULT_MESSAGES'] ?? 8000);
const PER_SECOND = MESSAGES > 20_000 ? 2000 : 1000;
/** How long traffic lasts, in which the fault has to find its place. */
const LASTS_MS = (MESSAGES / PER_SECOND) * 1000;
/** A file for the table: FRAUD_KAFKA_FAULT_TABLE=kafka-faults.md. */
const TABLE = process.env['FRAUD_KAFKA_FAULT_TABLE'];
/** After which the group gives the partitions of a member that died to others, and what that may take beyond it, s. */
const SESSION_S = 10;
const TAKEOVER_S = SESSION_S + 3;
const COORDINATOR_S = 17;
const TIMEOUT_MS = 240_000 + 2 * LASTS_MS;

interface Row {
  readonly fault: string;
  readonly account: Account;
  readonly short: number | null;
  readonly stalledS: number;
}

/** Everything a consumer needs, for one test. */
interface World {
  readonly bench: KafkaBench;
  readonly ledger: Ledger;
  readonly consumers: ConsumerGroup;
  readonly kafka: readonly ServiceNode[];
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

interface Fault {
  /** Happens while traffic goes on. */
  readonly strike: (world: World) => Promise<void>;
  /** Of the consumers. */
  readonly env?: Record<string, string>;
  /** How many there are at first; two where it does not say. */
  readonly consumers?: number;
  /** Messages a second, where they have to last longer. */
  readonly perSecond?: number;
  /** How often something may be left uncounted; null: the histories of before are gone. */
  readonly losses: number | null;
  /** Decisions that may be published again with other bytes: Redis forgot which counted while their slices were still to be committed. */
  readonly mostDiffering?: number;
  /** Longest time that a partition may stand still, s. */
  readonly stallS: number;
}

const rows: Row[] = [];

afterAll(async () => {
  const report = tableOf(rows);
  process.stderr.write(`\n${report}\n`);
  if (TABLE !== undefined) await writeFile(TABLE, report);
});

describe('a group of consumers under load', () => {
  let directory: string;
  let redis: Awaited<ReturnType<typeof startServices>>;
  let world: World;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fraud-kafka-faults-'));
    redis = await startServices(['kafka', 'redis', 'postgres'], path.join(directory, 'services'), {
      own: true,
    });
  });
  afterAll(async () => {
    await redis.stop();
    await rm(directory, { recursive: true });
  });

  beforeEach(async () => {
    const bench = await KafkaBench.open(redis.urls['kafka']!, PARTITIONS);
    const redisUrl = redis.urls['redis']!;
    await withRedis(redisUrl, (client) => client.flushall());
    world = {
      bench,
      ledger: new Ledger(bench, PARTITIONS),
      consumers: new ConsumerGroup(),
      kafka: redis.nodes['kafka']!,
      redisUrl,
      databaseUrl: await emptyPostgres(redis.urls['postgres']!, 'kafka_faults'),
    };
  });
  afterEach(async () => {
    await world.consumers.killAll();
    await world.bench.close();
  });

  const redisNode = (): ServiceNode => redis.nodes['redis']![0]!;
  const PAUSE = { ON_STORE_OUTAGE: 'pause' };

  const FAULTS: Record<string, Fault> = {
    'one of two consumers is killed (kill -9), and the other takes over': {
      strike: ({ consumers }) => consumers.kill(1),
      losses: 1,
      stallS: TAKEOVER_S,
    },
    'one consumer after the other is killed (kill -9)': {
      strike: async ({ consumers }) => {
        const kills = Math.max(2, Math.floor(LASTS_MS / 12_000));
        for (let kill = 0; kill < kills; kill++) {
          await consumers.kill(kill % 2);
          await sleep(LASTS_MS / kills / 3);
          await consumers.start(kill % 2);
          await sleep(LASTS_MS / kills / 3);
        }
      },
      losses: Math.max(2, Math.floor(LASTS_MS / 12_000)),
      // One may be killed while the group still waits for the one before, and again.
      stallS: 3 * TAKEOVER_S,
    },
    'the broker is killed, and is back after five seconds': {
      strike: async ({ kafka }) => {
        await kafka[0]!.kill();
        await sleep(5000);
        await kafka[0]!.start();
      },
      losses: 0,
      stallS: 45,
    },
    'Redis is stopped for five seconds (SIGSTOP); messages wait for it': {
      strike: async () => {
        redisNode().pause();
        await sleep(5000);
        redisNode().resume();
      },
      env: PAUSE,
      losses: 2,
      stallS: 15,
    },
    'Redis is killed, and comes back empty; messages wait for it': {
      strike: async () => {
        await redisNode().kill();
        await sleep(3000);
        await redisNode().start();
      },
      env: PAUSE,
      losses: null,
      stallS: 15,
    },
    'Redis is killed, and comes back empty; decided without it meanwhile': {
      strike: async () => {
        await redisNode().kill();
        await sleep(3000);
        await redisNode().start();
      },
      losses: null,
      stallS: 15,
    },
    'Redis is emptied (FLUSHALL)': {
      strike: async ({ redisUrl }) => {
        await withRedis(redisUrl, (client) => client.flushall());
      },
      losses: null,
      stallS: 10,
    },
    'the records database is away': {
      strike: async () => {
        const [node] = redis.nodes['postgres']!;
        await node!.kill();
        await sleep(MESSAGES > 20_000 ? 60_000 : LASTS_MS * 0.8);
        await node!.start();
      },
      // Longer than it is away: a partition without traffic stands still for no fault.
      perSecond: MESSAGES > 20_000 ? PER_SECOND / 1.6 : PER_SECOND,
      losses: 0,
      stallS: 10,
    },
    'one consumer becomes three, and one again': {
      strike: async ({ consumers }) => {
        await Promise.all([consumers.start(1), consumers.start(2)]);
        await consumers.share(PARTITIONS);
        await sleep(LASTS_MS / 4);
        await Promise.all([consumers.stop(0), consumers.stop(1)]);
      },
      consumers: 1,
      losses: 0,
      stallS: 15,
    },
    'everything is restarted in turn': {
      strike: async ({ consumers, kafka }) => {
        const [postgres] = redis.nodes['postgres']!;
        for (const node of [kafka[0]!, postgres!, redisNode()]) {
          await node.kill();
          await node.start();
          await sleep(LASTS_MS / 8);
        }
        for (const one of [0, 1]) {
          await consumers.stop(one);
          await consumers.start(one);
        }
      },
      env: PAUSE,
      losses: null,
      // The broker and then Redis are lost: a slice of each partition may be decided anew.
      mostDiffering: PARTITIONS * MAX_POLL_RECORDS,
      stallS: 45,
    },
  };

  it.each(Object.entries(FAULTS))(
    'while %s: each message is decided or put aside, once in effect, in the order of its card',
    async (name, fault) => {
      const { bench, ledger, consumers, databaseUrl, redisUrl } = world;
      await startGroup(world, fault.consumers ?? 2, fault.env);
      const progress = new GroupProgress(bench);
      const traffic = ledger.produce(MESSAGES, fault.perSecond ?? PER_SECOND);
      await sleep(LASTS_MS / 5);
      await fault.strike(world);
      await traffic;
      await until(async () => (await bench.lag().catch(() => 1)) === 0, 100);
      const stalledS = await progress.stop();
      await consumers.recordAll();
      await consumers.stopAll();

      const account = await ledger.account();
      const counted = fault.losses === null ? null : await ledger.counted(redisUrl);
      rows.push({ fault: name, account, short: counted?.merchantsShort ?? null, stalledS });
      expectNothingLost(account, fault.mostDiffering);
      expect(counted?.cardsOver ?? 0).toBe(0);
      expect(counted?.merchantsOver ?? 0).toBe(0);
      expect(counted?.cardEvents ?? 0).toBe(0);
      expect(counted?.merchantsShort ?? 0).toBeLessThanOrEqual((fault.losses ?? 0) * MOST_UNDER_WAY);
      expect(stalledS).toBeLessThan(fault.stallS);
      // The records keep what was decided first.
      expect(await unrecorded(ledger, databaseUrl)).toBeLessThanOrEqual(fault.mostDiffering ?? 0);
    },
    TIMEOUT_MS,
  );

  it.each(['before SET NX', 'after SET NX', 'before the commit', 'inside a dead letter'])(
    'where a process dies %s: each message is decided or put aside, once in effect, in the order of its card',
    async (point) => {
      const { bench, ledger, consumers, databaseUrl, redisUrl } = world;
      const crash = {
        NODE_OPTIONS: `--import ${path.join(REPOSITORY, 'test/support/crash/crash-at.mjs')}`,
        CRASH_AT: point,
        CRASH_DIST: path.join(REPOSITORY, 'dist'),
      };
      await ledger.produce(2000, 20_000);
      consumers.use({ ...envOf(world), ...crash });
      await consumers.start(0);
      await consumers.ended(0);
      expect(await bench.lag()).toBeGreaterThan(0);
      consumers.use(envOf(world));
      await consumers.start(0);
      await until(async () => (await bench.lag()) === 0, 100);
      await consumers.recordAll();
      await consumers.stopAll();

      const account = await ledger.account();
      const counted = await ledger.counted(redisUrl);
      rows.push({ fault: `a process dies ${point}`, account, short: counted.merchantsShort, stalledS: NaN });
      expectNothingLost(account);
      expect(counted).toMatchObject({ cardsOver: 0, merchantsOver: 0, cardEvents: 0 });
      expect(counted.merchantsShort).toBeLessThanOrEqual(MOST_UNDER_WAY);
      expect(await unrecorded(ledger, databaseUrl)).toBe(0);
    },
    TIMEOUT_MS,
  );
});

describe('a group of consumers on three brokers and a Redis with sentinels', () => {
  let directory: string;
  let brokers: Awaited<ReturnType<typeof startServices>>;
  let sentinel: Awaited<ReturnType<typeof startRedisSentinel>>;
  let consumers: ConsumerGroup;
  let bench: KafkaBench;
  let ledger: Ledger;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fraud-kafka-three-'));
    brokers = await startServices(['kafka-cluster'], path.join(directory, 'services'));
    sentinel = await startRedisSentinel();
  });
  afterAll(async () => {
    await brokers.stop();
    await sentinel.stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    for (const node of [...brokers.nodes['kafka-cluster']!, ...sentinel.nodes]) await node.start();
    bench = await KafkaBench.open(brokers.urls['kafka-cluster']!, PARTITIONS, 3);
    ledger = new Ledger(bench, PARTITIONS);
    consumers = new ConsumerGroup();
  });
  afterEach(async () => {
    await consumers.killAll();
    await bench.close();
  });

  const STRIKES: Record<string, readonly [strike: () => Promise<void>, stallS: number]> = {
    'the leader of some partitions dies': [
      async () => {
        const [leader] = await bench.leaders(bench.transactions);
        await brokers.nodes['kafka-cluster']!.find(({ node }) => node === leader)!.kill();
      },
      COORDINATOR_S,
    ],
    'the coordinator of the group dies': [
      async () => {
        const coordinator = await bench.coordinator();
        await brokers.nodes['kafka-cluster']!.find(({ node }) => node === coordinator)!.kill();
      },
      COORDINATOR_S,
    ],
    'the primary of Redis dies, and its replica takes over; messages wait for it': [
      async () => {
        await sentinel.nodes[0]!.kill();
      },
      30,
    ],
  };

  it.each(Object.entries(STRIKES))(
    'while %s: each message is decided or put aside, once in effect, in the order of its card',
    async (name, [strike, stallS]) => {
      consumers.use({
        ...bench.env,
        ...sentinel.env,
        ...LIMITS,
        ON_STORE_OUTAGE: 'pause',
      });
      await consumers.start(0);
      await consumers.start(1);
      await consumers.share(PARTITIONS);
      const progress = new GroupProgress(bench);
      const traffic = ledger.produce(MESSAGES, PER_SECOND);
      await sleep(LASTS_MS / 5);
      await strike();
      await traffic;
      await until(async () => (await bench.lag().catch(() => 1)) === 0, 100);
      const stalledS = await progress.stop();
      await consumers.stopAll();
      const account = await ledger.account();
      rows.push({ fault: name, account, short: null, stalledS });
      expectNothingLost(account);
      expect(stalledS).toBeLessThan(stallS);
    },
    TIMEOUT_MS,
  );
});

const LIMITS = {
  MAX_POLL_RECORDS: String(MAX_POLL_RECORDS),
  PARTITIONS_CONCURRENTLY: String(PARTITIONS_CONCURRENTLY),
  LOG_LEVEL: 'error',
};

const envOf = ({ bench, redisUrl, databaseUrl }: World): Record<string, string> => ({
  ...bench.env,
  ...LIMITS,
  REDIS_URL: redisUrl,
  DATABASE_URL: databaseUrl,
});

async function startGroup(world: World, count: number, more: Record<string, string> = {}): Promise<void> {
  world.consumers.use({ ...envOf(world), ...more });
  for (let number = 0; number < count; number++) await world.consumers.start(number);
  await world.consumers.share(PARTITIONS);
}

/** Published decisions that the records lack, or have with other bytes. */
async function unrecorded(ledger: Ledger, databaseUrl: string): Promise<number> {
  const database = await connectToRecords(databaseUrl);
  try {
    return await ledger.unrecorded(database);
  } finally {
    await database.end();
  }
}

function expectNothingLost(account: Account, mostDiffering = 0): void {
  expect(account.decided + account.dead).toBe(account.produced);
  expect(account).toMatchObject({ outOfOrder: 0, dead: PARTITIONS });
  expect(account.differing).toBeLessThanOrEqual(mostDiffering);
}

function tableOf(all: readonly Row[]): string {
  const header = [
    'fault',
    'produced',
    'decided',
    'put aside',
    'published twice',
    'with other bytes',
    'out of order',
    'degraded',
    'not counted',
    'a partition stood still, s',
  ];
  const cells = all.map(({ fault, account: a, short, stalledS }) => [
    fault,
    ...[a.produced, a.decided, a.dead, a.doubles, a.differing, a.outOfOrder, a.degraded].map(String),
    short === null ? '–' : String(short),
    Number.isNaN(stalledS) ? '–' : stalledS.toFixed(1),
  ]);
  return `${table(header, cells)}\n`;
}
