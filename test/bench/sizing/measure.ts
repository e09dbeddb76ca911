import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CARD_EVENT_BYTES,
  RedisFeatureStore,
  VISIT_BYTES,
  type CounterUpdate,
  type DecisionCommit,
  type StateRead,
} from '@fraud/features';
import { openRedis, RedisPool, type Redis } from '@fraud/platform';
import { startServices } from '../../../scripts/lib/services/for-tests.mjs';

/** What one entity takes in Redis after so much has happened. */
export interface Size {
  readonly entity: 'card' | 'device' | 'address' | 'merchant or terminal' | 'decided transaction';
  /** Transactions; of a ring, days with transactions. */
  readonly events: number;
  readonly bytes: number;
}

export interface Sizes {
  readonly redisVersion: string;
  readonly sizes: readonly Size[];
}

/** Entities that are measured together: the difference of used memory is divided by them. */
const ENTITIES = 4_000;
/** Rows of one exchange. */
const TURN = 100;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 1);
const TIMEOUT_MS = 10_000;
const SETTLING_MS = 500;
/** A stored decision has about so many bytes. */
const DECISION = Buffer.alloc(180, 'd');

const CARD_EVENTS = [1, 10, 30, 60, 120, 256, 1_000];
const DEVICE_EVENTS = [1, 10, 64, 300];
const ADDRESS_EVENTS = [1, 10, 128, 500];
const RING_DAYS = [1, 38];

/** Fills a Redis of its own through the feature store, and looks how much it has grown. */
export async function measureSizes(progress: (line: string) => void): Promise<Sizes> {
  const directory = mkdtempSync(join(tmpdir(), 'sizing-'));
  const services = await startServices(['redis'], directory, { own: true });
  const url = services.urls['redis']!;
  const redis = openRedis(url);
  await redis.connect();
  const sizes: Size[] = [];
  const measure = async (
    entity: Size['entity'],
    events: number,
    fill: (store: RedisFeatureStore) => Promise<void>,
  ): Promise<void> => {
    await redis.flushall();
    const before = await usedMemory(redis);
    await filled(url, fill);
    const bytes = ((await usedMemory(redis)) - before) / ENTITIES;
    sizes.push({ entity, events, bytes });
    progress(`${entity}, ${events}: ${Math.round(bytes)} bytes`);
  };
  try {
    for (const events of CARD_EVENTS)
      await measure('card', events, (store) => visits(store, events, (i) => ({ cardId: card(i) })));
    for (const events of DEVICE_EVENTS)
      await measure('device', events, (store) => visits(store, events, (i) => ({ deviceId: device(i) })));
    for (const events of ADDRESS_EVENTS)
      await measure('address', events, (store) => visits(store, events, (i) => ({ ipHash: address(i) })));
    for (const days of RING_DAYS)
      await measure('merchant or terminal', days, (store) =>
        visits(store, days, (i, day) => ({ counter: sale(i, day) })),
      );
    await measure('decided transaction', 1, decisions);
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
    return { redisVersion: version, sizes };
  } finally {
    redis.disconnect();
    await services.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const card = (i: number): string => `card-${String(i).padStart(12, '0')}`;
const device = (i: number): string => `device-${String(i).padStart(12, '0')}`;
/** As long as a keyed hash. */
const address = (i: number): string => String(i).padStart(22, '0');

/** One in another hour of each day. */
const sale = (i: number, day: number): CounterUpdate => ({
  merchantId: `merchant-${String(i).padStart(8, '0')}`,
  terminalId: null,
  timeMs: START + day * DAY_MS + (day % 24) * HOUR_MS,
  amount: 1,
});

/** Fills by a connection of its own, whose buffers are gone when the memory is looked at. */
async function filled(url: string, fill: (store: RedisFeatureStore) => Promise<void>): Promise<void> {
  const client = openRedis(url);
  await client.connect();
  const store = new RedisFeatureStore(new RedisPool([{ client }], 32), 3600);
  await fill(store);
  await store.close();
}

async function usedMemory(redis: Redis): Promise<number> {
  // Redis frees what a closed connection had, and what was flushed, a moment later.
  await sleep(SETTLING_MS);
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}

/** Transactions one after another, as they come: a log grows event by event. All cards but those that are measured are one. */
async function visits(
  store: RedisFeatureStore,
  events: number,
  parties: (entity: number, n: number) => Partial<StateRead>,
): Promise<void> {
  for (let n = 0; n < events; n++) {
    for (let from = 0; from < ENTITIES; from += TURN) {
      const reads = Array.from({ length: TURN }, (_, i) => read(from + i, n, parties(from + i, n)));
      await store.exchange(reads, [], TIMEOUT_MS);
    }
  }
}

function read(entity: number, n: number, parties: Partial<StateRead>): StateRead {
  const serial = n * ENTITIES + entity + 1;
  const event = (bytes: number): Buffer => {
    const made = Buffer.alloc(bytes);
    made.writeUIntLE(serial, 0, 6);
    // No two at the same time: for a tie the whole log would be searched.
    made.writeUIntLE(START + n * HOUR_MS + entity, 6, 6);
    return made;
  };
  return {
    transactionId: `sizing-${serial}`,
    cardId: 'one card',
    merchantId: 'none',
    terminalId: null,
    deviceId: null,
    ipHash: null,
    cardEvent: event(CARD_EVENT_BYTES),
    visit: event(VISIT_BYTES),
    ...parties,
  };
}

async function decisions(store: RedisFeatureStore): Promise<void> {
  await commit(store, (i) => ({ transactionId: `${i}`.padStart(36, '0'), value: DECISION, counter: null }));
}

async function commit(store: RedisFeatureStore, of: (entity: number) => DecisionCommit): Promise<void> {
  for (let from = 0; from < ENTITIES; from += TURN) {
    await store.exchange(
      [],
      Array.from({ length: TURN }, (_, i) => of(from + i)),
      TIMEOUT_MS,
    );
  }
}
