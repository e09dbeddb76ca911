import { CARD_EVENT_BYTES, VISIT_BYTES } from '@fraud/features';
import { openRedis, type Redis } from '@fraud/platform';

/** Bytes of the end of a log, by the kind of its key. */
const LOOKED_AT: Readonly<Record<string, number>> = {
  c: 257 * CARD_EVENT_BYTES,
  d: 65 * VISIT_BYTES,
  i: 129 * VISIT_BYTES,
};

/**
 * What a Redis holds of histories: the bytes of every log, ring and label by key, and how long each is kept, s. Of a log, what
 * features look at and one event more: when the rest is cut off depends on how the transactions fell into turns.
 */
export interface Histories {
  readonly bytes: Readonly<Record<string, string>>;
  readonly ttls: readonly number[];
  /** Stored decisions, which are no history. */
  readonly decisions: number;
}

export async function historiesOf(url: string): Promise<Histories> {
  return await withRedis(url, async (redis) => {
    const keys = (await redis.keys('fd*')).toSorted();
    const held = keys.filter((key) => key.split(':')[1] !== 't');
    const values = await Promise.all(held.map((key) => redis.getBuffer(key)));
    return {
      bytes: Object.fromEntries(
        held.map((key, i) => {
          const most = LOOKED_AT[key.split(':')[1]!] ?? Infinity;
          return [key, values[i]!.subarray(-Math.min(most, values[i]!.length)).toString('hex')];
        }),
      ),
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
