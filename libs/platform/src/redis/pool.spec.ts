import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Redis } from './open.js';
import { RedisPool, RedisUnavailable, type RedisFailure } from './pool.js';

const SOON_MS = 20;
const LATE_MS = 5000;

/** Connections that can be told apart, and nothing more: the work is the test's own. */
function poolOf(connections: number, maxInFlight: number): RedisPool {
  const members = Array.from({ length: connections }, (_, name) => ({
    client: { name } as unknown as Redis,
  }));
  return new RedisPool(members, maxInFlight);
}

/** Work that ends when it is told to. */
function pending(): {
  work: () => Promise<string>;
  end: (answer?: string) => void;
  fail: (cause: Error) => void;
} {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, end: (answer = 'done') => resolve(answer), fail: reject };
}

const failureOf = (used: Promise<unknown>): Promise<RedisFailure | null> =>
  used.then(
    () => null,
    (cause: unknown) => (cause as RedisUnavailable).failure,
  );

describe('RedisPool', () => {
  it('gives work to the least busy connection', async () => {
    const pool = poolOf(3, 10);
    const busy = [pending(), pending(), pending(), pending()];
    const clients: number[] = [];
    const used = busy.map(({ work }) =>
      pool.use(LATE_MS, ({ client }) => {
        clients.push((client as unknown as { name: number }).name);
        return work();
      }),
    );
    expect(clients).toEqual([0, 1, 2, 0]);
    for (const { end } of busy) end();
    await Promise.all(used);
    expect(pool.state).toEqual({ connections: 3, inFlight: 0, queued: 0 });
  });

  it('says who is alone on a connection', async () => {
    const pool = poolOf(1, 10);
    const first = pending();
    const alone: boolean[] = [];
    const see = ({ alone: is }: { alone: boolean }): void => void alone.push(is);
    const used = pool.use(LATE_MS, (lease) => (see(lease), first.work()));
    await pool.use(LATE_MS, (lease) => (see(lease), Promise.resolve()));
    first.end();
    await used;
    await pool.use(LATE_MS, (lease) => (see(lease), Promise.resolve()));
    expect(alone).toEqual([true, false, true]);
  });

  it('gives up what is late, but counts it as under way until it ends', async () => {
    const pool = poolOf(1, 10);
    const hanging = pending();
    expect(await failureOf(pool.use(SOON_MS, hanging.work))).toBe('timeout');
    expect(pool.state.inFlight).toBe(1);
    hanging.end();
    await sleep(1);
    expect(pool.state.inFlight).toBe(0);
  });

  it('lets work wait for a place as long as it may', async () => {
    const pool = poolOf(1, 1);
    const first = pending();
    const used = pool.use(LATE_MS, first.work);
    const second = pool.use(LATE_MS, () => Promise.resolve('second'));
    expect(pool.state).toEqual({ connections: 1, inFlight: 1, queued: 1 });
    const third = failureOf(pool.use(SOON_MS, () => Promise.resolve('third')));
    expect(await third).toBe('exhausted');
    first.end('first');
    expect(await Promise.all([used, second])).toEqual(['first', 'second']);
    expect(pool.state).toEqual({ connections: 1, inFlight: 0, queued: 0 });
  });

  it('forgets work whose time ended while it waited, and serves the next in line', async () => {
    const pool = poolOf(1, 2);
    const first = [pending(), pending()];
    const used = first.map(({ work }) => pool.use(LATE_MS, work));
    const done: string[] = [];
    const impatient = failureOf(pool.use(SOON_MS, () => Promise.resolve(done.push('impatient'))));
    const patient = pool.use(LATE_MS, () => Promise.resolve(done.push('patient')));
    expect(await impatient).toBe('timeout');
    for (const { end } of first) end();
    await Promise.all([...used, patient]);
    expect(done).toEqual(['patient']);
  });

  it('refuses at once where nothing has moved for longer than there is time', async () => {
    const pool = poolOf(1, 1);
    const hanging = pending();
    await failureOf(pool.use(SOON_MS, hanging.work));
    await sleep(SOON_MS);
    const refused = failureOf(pool.use(SOON_MS, () => Promise.resolve('never')));
    expect(pool.state).toEqual({ connections: 1, inFlight: 1, queued: 0 });
    expect(await refused).toBe('exhausted');
    hanging.end();
    expect(await pool.use(LATE_MS, () => Promise.resolve('again'))).toBe('again');
  });

  it('tells its observer how each piece of work ended, once', async () => {
    const pool = poolOf(1, 1);
    const seen: (RedisFailure | null)[] = [];
    pool.observer = (seconds, failure) => {
      expect(seconds).toBeGreaterThanOrEqual(0);
      seen.push(failure);
    };
    await pool.use(LATE_MS, () => Promise.resolve());
    await failureOf(pool.use(LATE_MS, () => Promise.reject(new Error('Connection is closed.'))));
    const refusal = Object.assign(new Error('READONLY'), { name: 'ReplyError' });
    await failureOf(pool.use(LATE_MS, () => Promise.reject(refusal)));
    const hanging = pending();
    await failureOf(pool.use(SOON_MS, hanging.work));
    await sleep(SOON_MS);
    await failureOf(pool.use(SOON_MS, hanging.work));
    hanging.fail(new Error('nobody waits for this'));
    await sleep(1);
    expect(seen).toEqual([null, 'connection', 'refused', 'timeout', 'exhausted']);
  });
});
