import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Decision, ParsedTransaction, Transaction } from '@fraud/contract';
import { loadConfig, openRedis } from '@fraud/platform';
import { Engine, type Result } from '@fraud/scoring';
import { proxyTo, type FaultProxy } from '../support/fault-proxy.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

const DATABASE = 11;
const PATIENT = { storeTimeoutMs: 5000, budgetMs: Infinity };
const IMPATIENT = { storeTimeoutMs: 150, budgetMs: Infinity };

/** A busy quarter of an hour of one card, at one till, from one device. */
const history = (): Transaction[] =>
  Array.from({ length: 12 }, (_, i) =>
    aTransaction({
      occurred_at: new Date(Date.UTC(2026, 0, 5, 12, i)).toISOString(),
      amount: 1000 + 10 * i,
      card_id: 'card',
      merchant_id: 'merchant',
      terminal_id: 'terminal',
      device_id: 'device',
      ip: '203.0.113.7',
    }),
  );

describe('a write to Redis that was applied, and whose reply was lost', () => {
  let redisUrl: string;
  let proxy: FaultProxy;
  let direct: Engine;
  let behindProxy: Engine;
  let running: Set<Engine>;

  beforeEach(async () => {
    redisUrl = await emptyDatabase(inject('redisUrl'), DATABASE);
    proxy = await proxyTo(redisUrl);
    direct = await Engine.open(loadConfig({ REDIS_URL: redisUrl }), PATIENT);
    behindProxy = await Engine.open(loadConfig({ REDIS_URL: proxy.url }), IMPATIENT);
    running = new Set([direct, behindProxy]);
  });

  afterEach(async () => {
    await Promise.all([...running].map(stop));
    await proxy.close();
  });

  async function stop(engine: Engine): Promise<void> {
    running.delete(engine);
    await engine.close();
  }

  const settle = (rows: readonly Transaction[]): Promise<Result[]> =>
    behindProxy.scoreSettled(rows.map((t) => behindProxy.parse(t) as ParsedTransaction));

  /** The connection breaks, and is there again. */
  async function loseReplies(): Promise<void> {
    proxy.cut();
    proxy.heal();
    await until(() => behindProxy.storeAnswers(1000));
  }

  /** What the engine says, and leaves behind, where nothing fails. */
  async function withoutFault(rows: readonly Transaction[]): Promise<{ last: Decision; state: State }> {
    const engine = await Engine.open(loadConfig({ REDIS_URL: redisUrl }), PATIENT);
    let last: Decision | undefined;
    for (const row of rows) last = decided(await engine.scoreOne(row));
    await engine.close();
    const state = await stateOf(redisUrl);
    await emptyDatabase(redisUrl, DATABASE);
    return { last: last!, state };
  }

  it('a read that appended: a retry elsewhere is decided on the same features, and the logs hold the event once', async () => {
    const rows = history();
    const [carried, lost] = rows.slice(-2) as [Transaction, Transaction];
    const expected = await withoutFault(rows);
    await settle(rows.slice(0, -2));

    // Its commit goes with the turn of the next row.
    decided(await behindProxy.scoreOne(carried));
    proxy.holdReplies();
    const first = behindProxy.scoreOne(lost);
    await until(async () => (await stateOf(redisUrl)).events === rows.length, 5);
    // Before the answer without history can be stored.
    proxy.cut();
    expect(decided(await first).degraded).toEqual(['features_unavailable']);

    const retried = decided(await direct.scoreOne(lost));
    expect(withoutTime(retried)).toEqual(withoutTime(expected.last));
    await stop(direct);
    await loseReplies();
    await stop(behindProxy);

    const state = await stateOf(redisUrl);
    expect(state.logs).toEqual(expected.state.logs);
    // The retry cannot know whether the row was counted, so it is not; the row before it was, once.
    expect(state.counted).toEqual(
      Object.fromEntries(Object.entries(expected.state.counted).map(([key, n]) => [key, n - 1])),
    );
  });

  it('a read that appended: an answer without history that could be stored stays the answer, and counts once', async () => {
    const rows = history();
    const expected = await withoutFault(rows);
    await settle(rows.slice(0, -1));

    proxy.holdReplies();
    const given = decided(await behindProxy.scoreOne(rows.at(-1)));
    expect(given.degraded).toEqual(['features_unavailable']);
    await loseReplies();
    // It is stored when the store says that the histories have it.
    await until(async () => (await stateOf(redisUrl)).decisions === rows.length);

    expect(await behindProxy.scoreOne(rows.at(-1))).toEqual({
      kind: 'decided',
      json: null,
      decision: given,
      replayed: true,
    });
    await stop(behindProxy);
    expect(await stateOf(redisUrl)).toEqual(expected.state);
  });

  it('a commit: the retry gets the answer that was given, and nothing counts twice', async () => {
    const rows = history();
    const expected = await withoutFault(rows);
    await settle(rows.slice(0, -1));

    const given = decided(await behindProxy.scoreOne(rows.at(-1)));
    expect(withoutTime(given)).toEqual(withoutTime(expected.last));
    // The commit leaves by itself a moment later.
    proxy.holdReplies();
    await until(async () => (await stateOf(redisUrl)).decisions === rows.length);
    await loseReplies();

    expect(await behindProxy.scoreOne(rows.at(-1))).toEqual({
      kind: 'decided',
      json: null,
      decision: given,
      replayed: true,
    });
    await stop(behindProxy);
    expect(await stateOf(redisUrl)).toEqual(expected.state);
  });
});

/** What Redis holds, but for the decisions themselves, which say when they were made. */
interface State {
  /** The logs of cards, devices and addresses, in hex. */
  readonly logs: Readonly<Record<string, string>>;
  /** The rings of merchants and terminals, in hex. */
  readonly rings: Readonly<Record<string, string>>;
  /** Transactions in the day slots of each ring. */
  readonly counted: Readonly<Record<string, number>>;
  /** Events of the card's log. */
  readonly events: number;
  readonly decisions: number;
}

const CARD_EVENT_BYTES = 32;
const FIRST_DAY_SLOT = 24;
const SLOT_BYTES = 20;

async function stateOf(url: string): Promise<State> {
  const redis = openRedis(url);
  await redis.connect();
  const keys = (await redis.keys('*')).toSorted();
  const values = await Promise.all(keys.map((key) => redis.getBuffer(key)));
  redis.disconnect();
  const of = (kinds: string): [string, Buffer][] =>
    keys.flatMap((key, i) => (kinds.includes(key.split(':')[1]!) ? [[key, values[i]!]] : []));
  const hex = (entries: [string, Buffer][]): Record<string, string> =>
    Object.fromEntries(entries.map(([key, value]) => [key, value.toString('hex')]));
  const count = (ring: Buffer): number => {
    let n = 0;
    for (let at = FIRST_DAY_SLOT * SLOT_BYTES; at + SLOT_BYTES <= ring.length; at += SLOT_BYTES)
      n += ring.readUInt32LE(at + 4);
    return n;
  };
  return {
    logs: hex(of('cdi')),
    rings: hex(of('mp')),
    counted: Object.fromEntries(of('mp').map(([key, ring]) => [key, count(ring)])),
    events: (of('c')[0]?.[1].length ?? 0) / CARD_EVENT_BYTES,
    decisions: of('t').length,
  };
}

function decided(result: Result): Decision {
  if (result.kind !== 'decided') throw new Error(`refused: ${result.problem.code}`);
  return result.decision;
}

/** A decision but for what differs from run to run. */
const withoutTime = ({
  decided_at: _,
  timings_us: __,
  ...rest
}: Decision): Omit<Decision, 'decided_at' | 'timings_us'> => rest;
