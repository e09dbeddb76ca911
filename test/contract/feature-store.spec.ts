import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  addFraud,
  addToRing,
  CARD_EVENT_BYTES,
  ClusterFeatureStore,
  copyRing,
  MemoryFeatureStore,
  MOST_READS,
  RedisFeatureStore,
  VISIT_BYTES,
  type DecisionCommit,
  type FeatureStore,
  type StateRead,
} from '@fraud/features';
import { connectRedis, openCluster, openRedis, RedisPool, ReplyArena } from '@fraud/platform';
import { startRedisCluster, type RedisCluster } from '../support/redis-nodes.js';

/** What features look at, and one more. */
const CAP = 256 + 1;
const SLACK = 32;
const START = Date.UTC(2026, 0, 5);
const TIMEOUT_MS = 5000;

/** An event: its first 6 bytes are its identity, the next 6 its time. */
function event(id: number, timeMs = START + id * 1000, length = CARD_EVENT_BYTES): Buffer {
  const bytes = Buffer.alloc(length, id & 0xff);
  bytes.writeUInt32LE(id, 0);
  bytes.writeUInt16LE((id ^ 0x5a5a) & 0xffff, 4);
  bytes.writeUIntLE(timeMs, 6, 6);
  return bytes;
}

const idsOf = (log: Buffer): number[] =>
  Array.from({ length: log.length / CARD_EVENT_BYTES }, (_, i) => log.readUInt32LE(i * CARD_EVENT_BYTES));

/** Count, frauds and sum of the slots that hold any, whatever the bytes of the empty ones. */
function counts(ring: Buffer | null): string[] {
  const bytes = copyRing(ring);
  const slots: string[] = [];
  for (let at = 0; at < bytes.length; at += 20) {
    const [n, frauds] = [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
    if (n + frauds > 0)
      slots.push(`${bytes.readUInt32LE(at)}: ${n} ${frauds} ${bytes.readDoubleLE(at + 12)}`);
  }
  return slots;
}

const visitsOf = (log: Buffer): number[] =>
  Array.from({ length: log.length / VISIT_BYTES }, (_, i) => log.readUInt32LE(i * VISIT_BYTES));

function opener(): { open: Record<string, () => Promise<FeatureStore>>; close: () => Promise<void> } {
  const opened: FeatureStore[] = [];
  const keep = <T extends FeatureStore>(store: T): T => {
    opened.push(store);
    return store;
  };
  return {
    open: {
      memory: () => Promise.resolve(keep(new MemoryFeatureStore({ decisionTtlMs: 3_600_000 }))),
      redis: async () => {
        const replies = new ReplyArena();
        const client = openRedis(inject('redisUrl'), replies);
        await client.connect();
        return keep(new RedisFeatureStore(new RedisPool([{ client, replies }], 32), 3600));
      },
      'redis cluster': async () => {
        const client = openCluster(cluster.settings);
        await connectRedis(client, cluster.settings);
        return keep(new ClusterFeatureStore(new RedisPool([{ client }], 32), 3600));
      },
    },
    close: async () => {
      await Promise.all(opened.map((store) => store.close()));
    },
  };
}

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
const { open, close } = opener();
afterAll(async () => {
  await close();
  await cluster.stop();
});

describe.each(['memory', 'redis', 'redis cluster'])('feature store: %s', (kind) => {
  let store: FeatureStore;
  let scope: string;

  beforeEach(async () => {
    store = await open[kind]!();
    scope = randomUUID();
  });

  const read = (id: number, card = 'c', merchant = 'm'): StateRead => ({
    transactionId: `${scope}-${id}`,
    cardId: `${scope}-${card}`,
    merchantId: `${scope}-${merchant}`,
    terminalId: null,
    deviceId: null,
    ipHash: null,
    cardEvent: event(id),
    visit: event(id, START + id * 1000, VISIT_BYTES),
  });
  const commit = (
    id: number,
    value: string,
    counted = true,
    timeMs = START,
    amount = 100,
  ): DecisionCommit => ({
    transactionId: `${scope}-${id}`,
    value: Buffer.from(value),
    counter: counted ? { merchantId: `${scope}-m`, terminalId: null, timeMs, amount } : null,
  });
  const one = async (row: StateRead, commits: DecisionCommit[] = []) =>
    (await store.exchange([row], commits, TIMEOUT_MS)).states[0]!;

  it('knows nothing of a new card and merchant', async () => {
    const state = await one(read(1));
    expect(state.stored).toBeNull();
    expect(state.merchantRing).toBeNull();
    expect(state.cardLog).toHaveLength(0);
  });

  it('shows the log as it was before the transaction, in order of arrival', async () => {
    for (let id = 1; id <= 5; id++) expect(idsOf((await one(read(id))).cardLog)).toEqual(range(1, id - 1));
  });

  it('shows each row of one exchange the log entries of the rows before it', async () => {
    const { states } = await store.exchange([read(1), read(2), read(3, 'other'), read(4)], [], TIMEOUT_MS);
    expect(states.map((s) => idsOf(s.cardLog))).toEqual([[], [1], [], [1, 2]]);
  });

  it('takes an event once, however often it comes', async () => {
    for (const id of [1, 2, 1, 1, 2]) await one(read(id));
    expect(idsOf((await one(read(3))).cardLog)).toEqual([1, 2]);
  });

  it('shows a repeat the log as its first attempt saw it, whatever came since', async () => {
    for (const id of [1, 2, 3]) expect((await one(read(id))).repeated).toBe(false);
    const again = await one(read(2));
    expect(again.repeated).toBe(true);
    expect(idsOf(again.cardLog)).toEqual([1]);
  });

  it('takes an event once in any order of time, ties included, and never changes its bytes but for the mark', async () => {
    const arrival = fc.record({
      id: fc.integer({ min: 1, max: 40 }),
      second: fc.integer({ min: 0, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 60 }), async (arrivals) => {
        scope = randomUUID();
        // The same id always comes with the same time: it is the same transaction.
        const times = new Map<number, number>();
        const log: number[] = [];
        for (const { id, second } of arrivals) {
          if (!times.has(id)) times.set(id, START + second * 1000);
          const cardEvent = event(id, times.get(id));
          const state = await one({ ...read(id), cardEvent });
          const own = log.indexOf(id);
          expect(state.repeated).toBe(own !== -1);
          expect(idsOf(state.cardLog)).toEqual(own === -1 ? log : log.slice(0, own));
          for (let at = 0; at < state.cardLog.length; at += CARD_EVENT_BYTES) {
            const kept = Buffer.from(state.cardLog.subarray(at, at + CARD_EVENT_BYTES));
            kept[11]! &= 0x7f;
            const original = kept.readUInt32LE(0);
            expect(kept).toEqual(event(original, times.get(original)));
          }
          if (own === -1) log.push(id);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes an event once in a full log whose youngest event has fallen off', async () => {
    const late = Array.from({ length: CAP + SLACK + 100 }, (_, i) => ({
      ...read(i + 2),
      cardEvent: event(i + 2, START + i),
    }));
    await one({ ...read(1), cardEvent: event(1, START + 1e6) });
    for (let from = 0; from < late.length; from += 50) {
      await store.exchange(late.slice(from, from + 50), [], TIMEOUT_MS);
    }
    const newest = late.at(-1)!;
    expect((await one(newest)).repeated).toBe(true);
    const next = await one({ ...read(900), cardEvent: event(900, START + 500) });
    expect(next.repeated).toBe(false);
    expect((await one({ ...read(900), cardEvent: event(900, START + 500) })).repeated).toBe(true);
    expect(idsOf(next.cardLog).filter((id) => id === late.length + 1)).toHaveLength(1);
  });

  it('keeps the visits to a device and an address, of all cards, as they were before the transaction', async () => {
    const visit = (id: number, card: string): StateRead => ({
      ...read(id, card),
      deviceId: `${scope}-d`,
      ipHash: `${scope}-i`,
    });
    for (const id of [1, 2, 3]) await one(visit(id, `card-${id}`));
    await one({ ...visit(4, 'card-1'), deviceId: null });
    const state = await one(visit(5, 'card-5'));
    expect(visitsOf(state.deviceLog)).toEqual([1, 2, 3]);
    expect(visitsOf(state.ipLog)).toEqual([1, 2, 3, 4]);
    // A repeat sees what its first attempt saw, and is no second visit.
    expect(visitsOf((await one(visit(2, 'card-2'))).ipLog)).toEqual([1]);
    expect(visitsOf((await one(visit(6, 'card-6'))).ipLog)).toEqual([1, 2, 3, 4, 5]);
  });

  it('bounds the logs of devices and addresses, keeping the newest visits', async () => {
    const visits = range(1, 400).map((id) => ({
      ...read(id, `card-${id}`),
      deviceId: `${scope}-d`,
      ipHash: `${scope}-i`,
    }));
    for (let from = 0; from < 400; from += 50) {
      await store.exchange(visits.slice(from, from + 50), [], TIMEOUT_MS);
    }
    const last = await one({
      ...visits[0]!,
      ...read(999, 'other'),
      deviceId: `${scope}-d`,
      ipHash: `${scope}-i`,
    });
    for (const [log, cap] of [
      [visitsOf(last.deviceLog), 64 + 1],
      [visitsOf(last.ipLog), 128 + 1],
    ] as const) {
      expect(log.length).toBeGreaterThanOrEqual(cap);
      expect(log.length).toBeLessThanOrEqual(cap + 16 + 50);
      expect(log).toEqual(range(401 - log.length, 400));
    }
  });

  it('shows each row of one exchange what lies before it, also where the logs are cut meanwhile', async () => {
    const row = (id: number): StateRead => ({
      ...read(id),
      deviceId: `${scope}-d`,
      ipHash: `${scope}-i`,
    });
    const earlier = 600;
    for (let from = 1; from < earlier; from += 60)
      await store.exchange(
        range(from, from + 59).map((id) => row(id)),
        [],
        TIMEOUT_MS,
      );
    const ids = range(earlier + 1, earlier + MOST_READS);
    const { states } = await store.exchange(
      ids.map((id) => row(id)),
      [],
      TIMEOUT_MS,
    );
    for (const [i, { cardLog, deviceLog, ipLog }] of states.entries()) {
      for (const [log, depth] of [
        [idsOf(cardLog), 256],
        [visitsOf(deviceLog), 64],
        [visitsOf(ipLog), 128],
      ] as const) {
        expect(log).toEqual(range(ids[i]! - log.length, ids[i]! - 1));
        expect(log.length).toBeGreaterThan(depth);
      }
    }
  });

  it('counts a transaction at its merchant and at its terminal', async () => {
    const counter = { merchantId: `${scope}-m`, terminalId: `${scope}-p`, timeMs: START, amount: 100 };
    await store.exchange([], [{ ...commit(1, 'x'), counter }, commit(2, 'y')], TIMEOUT_MS);
    const state = await one({ ...read(9), terminalId: `${scope}-p` });
    const ring = copyRing(null);
    addToRing(ring, START, 100);
    expect(full(state.terminalRing)).toEqual(ring);
    addToRing(ring, START, 100);
    expect(full(state.merchantRing)).toEqual(ring);
  });

  it('finds an identity at event borders alone', async () => {
    const inside = event(1, START);
    // The identity of event 7, in the middle of event 1; the same time, so that the log is searched.
    event(7).copy(inside, 16, 0, 6);
    await one({ ...read(1), cardEvent: inside });
    expect((await one({ ...read(7), cardEvent: event(7, START) })).repeated).toBe(false);
    expect(idsOf((await one(read(8))).cardLog)).toEqual([1, 7]);
  });

  it('keeps the newest events of a log that reached its cap', async () => {
    for (let from = 0; from < 600; from += 100) {
      await store.exchange(
        range(from + 1, from + 100).map((id) => read(id)),
        [],
        TIMEOUT_MS,
      );
    }
    const ids = idsOf((await one(read(1000))).cardLog);
    expect(ids.at(-1)).toBe(600);
    expect(ids.length).toBeGreaterThanOrEqual(CAP);
    expect(ids.length).toBeLessThanOrEqual(CAP + SLACK + 100);
    expect(ids).toEqual(range(601 - ids.length, 600));
  });

  it('carries out commits before reads', async () => {
    const state = await one(read(1), [commit(1, 'approve')]);
    expect(state.stored?.toString()).toBe('approve');
  });

  it('stores the first decision of a transaction and counts it once', async () => {
    const both = await store.exchange([], [commit(1, 'first'), commit(1, 'second')], TIMEOUT_MS);
    expect(both.stored).toEqual([true, false]);
    expect((await store.exchange([], [commit(1, 'third')], TIMEOUT_MS)).stored).toEqual([false]);
    const decisions = await store.decisions([`${scope}-1`, `${scope}-2`], TIMEOUT_MS);
    expect(decisions.map((d) => d?.toString())).toEqual(['first', undefined]);
    const state = await one(read(1));
    expect(state.stored?.toString()).toBe('first');
    const once = copyRing(null);
    addToRing(once, START, 100);
    expect(full(state.merchantRing)).toEqual(once);
  });

  it('appends nothing for a transaction that is decided', async () => {
    await one(read(1));
    await store.exchange([], [commit(9, 'decided')], TIMEOUT_MS);
    await one(read(9));
    expect(idsOf((await one(read(2))).cardLog)).toEqual([1]);
  });

  it('stores without counting where a transaction was counted before', async () => {
    await store.exchange([], [commit(1, 'approve', false)], TIMEOUT_MS);
    const state = await one(read(1));
    expect(state.stored?.toString()).toBe('approve');
    expect(state.merchantRing).toBeNull();
  });

  it('keeps any bytes of a decision', async () => {
    const value = Buffer.from(range(0, 255));
    await store.exchange([], [{ ...commit(1, ''), value }], TIMEOUT_MS);
    expect(await one(read(1))).toMatchObject({ stored: value });
  });

  it('counts in rings exactly as the arithmetic says, in any order of time', async () => {
    const sale = fc.record({
      time: fc.integer({ min: START - 40 * 86_400_000, max: START + 3_600_000 }),
      amount: fc.integer({ min: 0, max: 1e12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 30 }), async (sales) => {
        scope = randomUUID();
        const ring = copyRing(null);
        for (const { time, amount } of sales) addToRing(ring, time, amount);
        await store.exchange(
          [],
          sales.map((s, i) => commit(i, 'x', true, s.time, s.amount)),
          TIMEOUT_MS,
        );
        expect(full((await one(read(999))).merchantRing)).toEqual(ring);
      }),
      { numRuns: 40 },
    );
  });

  it('knows each fraud once, in the slots of its own time and in the log, in any order and however often it is told', async () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 8 }),
      what: fc.constantFrom('decide', 'fraud', 'fraud', 'genuine'),
    });
    // Hours and days apart, none so far that a slot would be taken by a later one.
    const timeOf = (id: number): number =>
      START + ((id % 4) + (id % 3) * 4) * 3_600_000 + (id % 3) * 86_400_000;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        scope = randomUUID();
        const decided = new Set<number>();
        const fraud = new Map<number, boolean>();
        for (const { id, what } of steps) {
          if (what === 'decide') {
            await one({ ...read(id), cardEvent: event(id, timeOf(id)) });
            await store.exchange([], [commit(id, 'x', true, timeOf(id), 10 * id)], TIMEOUT_MS);
            decided.add(id);
            continue;
          }
          const changed = await store.label(
            {
              transactionId: `${scope}-${id}`,
              eventHash: event(id),
              cardId: `${scope}-c`,
              merchantId: `${scope}-m`,
              terminalId: `${scope}-p`,
              timeMs: timeOf(id),
              fraud: what === 'fraud',
            },
            TIMEOUT_MS,
          );
          expect(changed).toBe((fraud.get(id) ?? false) !== (what === 'fraud'));
          if (changed) fraud.set(id, what === 'fraud');
        }
        const merchant = copyRing(null);
        const terminal = copyRing(null);
        for (const id of decided) addToRing(merchant, timeOf(id), 10 * id);
        for (const [id, known] of fraud) {
          if (!known) continue;
          addFraud(merchant, timeOf(id), 1);
          addFraud(terminal, timeOf(id), 1);
        }
        const state = await one({ ...read(99), terminalId: `${scope}-p` });
        expect(counts(state.merchantRing)).toEqual(counts(merchant));
        expect(counts(state.terminalRing)).toEqual(counts(terminal));
        // A fraud that was known before its transaction came is not in the log: labels come behind decisions.
        const marked = range(0, state.cardLog.length / CARD_EVENT_BYTES - 1)
          .map((i) => i * CARD_EVENT_BYTES)
          .filter((offset) => (state.cardLog[offset + 11]! & 0x40) !== 0)
          .map((offset) => state.cardLog.readUInt32LE(offset));
        expect(marked.filter((id) => fraud.get(id) !== true)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('marks a fraud in the log of its card, unmarks it, and still knows the event for a repeat and the order of the others', async () => {
    const label = (id: number, fraud: boolean) =>
      store.label(
        {
          transactionId: `${scope}-${id}`,
          eventHash: event(id),
          cardId: `${scope}-c`,
          merchantId: `${scope}-m`,
          terminalId: null,
          timeMs: START + id * 1000,
          fraud,
        },
        TIMEOUT_MS,
      );
    const marks = (log: Buffer): boolean[] =>
      range(0, log.length / CARD_EVENT_BYTES - 1).map((i) => (log[i * CARD_EVENT_BYTES + 11]! & 0x40) !== 0);
    for (const id of [1, 3, 2]) await one(read(id));
    await label(2, true);
    await label(3, true);
    expect(marks((await one(read(4))).cardLog)).toEqual([false, true, true]);
    expect((await one(read(3))).repeated).toBe(true);
    expect((await one(read(2))).repeated).toBe(true);
    await label(3, false);
    expect(marks((await one(read(5))).cardLog)).toEqual([false, false, true, false]);
    expect(idsOf((await one(read(6))).cardLog)).toEqual([1, 3, 2, 4, 5]);
  });

  it('shows what is known of transactions to a look, which leaves no trace', async () => {
    for (const id of [1, 2, 3]) await one(read(id));
    await store.exchange([], [commit(4, 'decided')], TIMEOUT_MS);
    for (let time = 0; time < 2; time++) {
      const states = await store.look([read(5), read(2), read(4)], TIMEOUT_MS);
      expect(states.map((s) => idsOf(s.cardLog))).toEqual([[1, 2, 3], [1], [1, 2, 3]]);
      expect(states.map((s) => s.repeated)).toEqual([false, true, false]);
      expect(states.map((s) => s.stored?.toString())).toEqual([undefined, undefined, 'decided']);
    }
    expect(idsOf((await one(read(6))).cardLog)).toEqual([1, 2, 3]);
    expect(await store.look([], TIMEOUT_MS)).toEqual([]);
  });

  it('counts with its append what nobody decides: once, and not what is decided or in the log', async () => {
    const counter = { merchantId: `${scope}-m`, terminalId: `${scope}-p`, timeMs: START, amount: 100 };
    const counted = (id: number): StateRead => ({ ...read(id), counter });
    await one(read(1));
    await store.exchange([], [commit(2, 'decided', false)], TIMEOUT_MS);
    // Beside a commit that counts and one that does not.
    const commits = [commit(7, 'x'), commit(7, 'y'), commit(8, 'z', false)];
    const turn = [counted(1), { ...read(3), counter: null }, counted(2), counted(4), counted(5)];
    await store.exchange(turn, commits, TIMEOUT_MS);
    await store.exchange([counted(5), counted(4), counted(1)], [], TIMEOUT_MS);
    const state = (await store.look([{ ...read(9), terminalId: `${scope}-p` }], TIMEOUT_MS))[0]!;
    const ring = copyRing(null);
    for (let time = 0; time < 2; time++) addToRing(ring, START, 100);
    expect(full(state.terminalRing)).toEqual(ring);
    addToRing(ring, START, 100);
    expect(full(state.merchantRing)).toEqual(ring);
    expect(idsOf(state.cardLog)).toEqual([1, 3, 4, 5]);
  });

  it('forgets a card: its log, and what is stored and known of its transactions; of other cards nothing, and no count', async () => {
    const labelled = (id: number, card: string) =>
      store.label(
        {
          transactionId: `${scope}-${id}`,
          eventHash: event(id),
          cardId: `${scope}-${card}`,
          merchantId: `${scope}-m`,
          terminalId: null,
          timeMs: START,
          fraud: true,
        },
        TIMEOUT_MS,
      );
    for (const [id, card] of [1, 2, 3].map((n) => [n, 'gone'] as const)) await one(read(id, card));
    await one(read(4, 'stays'));
    await store.exchange(
      [],
      [1, 2, 4].map((id) => commit(id, 'decided')),
      TIMEOUT_MS,
    );
    for (const [id, card] of [[1, 'gone'] as const, [4, 'stays'] as const]) await labelled(id, card);
    const before = counts((await store.look([read(9)], TIMEOUT_MS))[0]!.merchantRing);
    for (let time = 0; time < 2; time++)
      await store.forget(
        `${scope}-gone`,
        [1, 2, 3].map((id) => `${scope}-${id}`),
        TIMEOUT_MS,
      );
    const [gone, stays] = await store.look([read(9, 'gone'), read(9, 'stays')], TIMEOUT_MS);
    expect(idsOf(gone!.cardLog)).toEqual([]);
    expect(idsOf(stays!.cardLog)).toEqual([4]);
    const stored = await store.decisions(
      [1, 2, 3, 4].map((id) => `${scope}-${id}`),
      TIMEOUT_MS,
    );
    expect(stored.map((value) => value?.toString())).toEqual([undefined, undefined, undefined, 'decided']);
    expect(counts(gone!.merchantRing)).toEqual(before);
    // What was known of it is not known any more.
    expect(await labelled(4, 'stays')).toBe(false);
    expect(await labelled(1, 'gone')).toBe(true);
    await store.forget(`${scope}-never-seen`, [], TIMEOUT_MS);
  });

  it('answers a ping', async () => {
    expect(await store.ping(TIMEOUT_MS)).toBe(true);
  });
});

describe('feature stores side by side', () => {
  it('give the same states for the same history', async () => {
    const memory = await open['memory']!();
    const redis = await open['redis']!();
    const step = fc.record({
      id: fc.integer({ min: 1, max: 30 }),
      card: fc.integer({ min: 0, max: 3 }),
      merchant: fc.integer({ min: 0, max: 2 }),
      terminal: fc.option(fc.integer({ min: 0, max: 2 })),
      device: fc.option(fc.integer({ min: 0, max: 2 })),
      ip: fc.option(fc.integer({ min: 0, max: 2 })),
      decide: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 8 }), async (turns) => {
        const scope = randomUUID();
        for (const steps of turns) {
          // The rows of one exchange are different transactions.
          const turn = [...new Map(steps.map((s) => [s.id, s])).values()];
          const reads = turn.map((s): StateRead => ({
            transactionId: `${scope}-${s.id}`,
            cardId: `${scope}-c${s.card}`,
            merchantId: `${scope}-m${s.merchant}`,
            terminalId: s.terminal === null ? null : `${scope}-p${s.terminal}`,
            deviceId: s.device === null ? null : `${scope}-d${s.device}`,
            ipHash: s.ip === null ? null : `${scope}-i${s.ip}`,
            cardEvent: event(s.id),
            visit: event(s.id, START + s.id * 1000, VISIT_BYTES),
          }));
          const commits = turn
            .filter((s) => s.decide)
            .map((s): DecisionCommit => ({
              transactionId: `${scope}-${s.id}`,
              value: Buffer.from(`decision ${s.id}`),
              counter: {
                merchantId: `${scope}-m${s.merchant}`,
                terminalId: s.terminal === null ? null : `${scope}-p${s.terminal}`,
                timeMs: START + s.id * 3_600_000,
                amount: s.id,
              },
            }));
          const states = await Promise.all(
            [memory, redis].map(async (store) =>
              (await store.exchange(reads, commits, TIMEOUT_MS)).states.map((s) => ({
                stored: s.stored?.toString() ?? null,
                // Behind a stored decision nobody asks for the history.
                ...(s.stored === null
                  ? {
                      log: idsOf(s.cardLog),
                      repeated: s.repeated,
                      device: visitsOf(s.deviceLog),
                      ip: visitsOf(s.ipLog),
                    }
                  : {}),
                terminal: full(s.terminalRing).toString('hex'),
                ring: full(s.merchantRing).toString('hex'),
              })),
            ),
          );
          expect(states[1]).toEqual(states[0]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** A ring filled up with the zeros that a short one stands for. */
const full = (ring: Buffer | null): Buffer => copyRing(ring);

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}
