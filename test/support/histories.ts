import { openRedis, type Redis } from '@fraud/platform';

/** What a Redis holds of histories: the bytes of every log, ring and label by key, and how long each is kept, s. */
export interface Histories {
  readonly bytes: Readonly<Record<string, string>>;
  readonly ttls: readonly number[];
  /** Stored decisions, which are no history. */
  readonly decisions: number;
}

export async function historiesOf(url: string): Promise<Histories> {
  return await withRedis(url, async (redis) => {
    const keys = (await redis.keys('*')).toSorted();
    const held = keys.filter((key) => key.split(':')[1] !== 't');
    const values = await Promise.all(held.map((key) => redis.getBuffer(key)));
    return {
      bytes: Object.fromEntries(held.map((key, i) => [key, values[i]!.toString('hex')])),
      ttls: await Promise.all(held.map((key) => redis.ttl(key))),
      decisions: keys.length - held.length,
    };
  });
}

export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = openRedis(url);
  await redis.connect();
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
