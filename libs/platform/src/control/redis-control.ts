import type { Cluster, Redis } from '../redis/open.js';
import type { RedisPool } from '../redis/pool.js';
import {
  ControlUnavailable,
  sumOf,
  toDocument,
  type ControlDocument,
  type ControlStore,
  type CountSpan,
} from './control-store.js';

/** Nobody who decides waits for this. */
const TIMEOUT_MS = 1000;

const PREFIX = 'fraud:control';

/** KEYS: the document. ARGV: the revision that it must have, the new one. Answers 1 where it was replaced. */
const REPLACE = `
local held = redis.call('GET', KEYS[1])
local revision = held and cjson.decode(held).revision or 0
if revision ~= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`;

/** Documents and counters in the Redis that all instances share. They live as long as its data do. */
export class RedisControlStore implements ControlStore {
  readonly kind = 'redis';

  /** @param pool connections of its own, closed by this store */
  constructor(private readonly pool: RedisPool<Redis | Cluster>) {}

  async read(name: string): Promise<ControlDocument | null> {
    const json = await this.use((client) => client.get(key(name)));
    return json === null ? null : toDocument(json);
  }

  async replace(name: string, expected: number, document: ControlDocument): Promise<boolean> {
    const args = [String(expected), JSON.stringify(document)];
    return (await this.use((client) => client.eval(REPLACE, 1, key(name), ...args))) === 1;
  }

  async count(
    name: string,
    { at: last, periods, periodMs }: CountSpan,
    add: Readonly<Record<string, number>>,
  ): Promise<Record<string, number>> {
    // The braces keep all periods of a name on one node of a cluster.
    const of = (at: number): string => `${PREFIX}:{${name}}:${at}`;
    const changes = Object.entries(add).filter(([, n]) => n !== 0);
    const replies = await this.use(async (client) => {
      const pipeline = client.pipeline();
      for (const [field, n] of changes) pipeline.hincrby(of(last), field, n);
      if (changes.length > 0) pipeline.expire(of(last), Math.ceil(((periods + 1) * periodMs) / 1000));
      for (let at = last - periods + 1; at <= last; at++) pipeline.hgetall(of(at));
      const found = (await pipeline.exec()) ?? [];
      for (const [error] of found) if (error !== null) throw error;
      return found.slice(-periods);
    });
    return sumOf(
      replies.map(([, fields]) => {
        const read = Object.entries(fields as Record<string, string>);
        return Object.fromEntries(read.map(([field, n]) => [field, Number(n)]));
      }),
    );
  }

  close(): Promise<void> {
    this.pool.disconnect();
    return Promise.resolve();
  }

  /** @throws ControlUnavailable */
  private async use<T>(work: (client: Redis | Cluster) => Promise<T>): Promise<T> {
    try {
      return await this.pool.use(TIMEOUT_MS, ({ client }) => work(client));
    } catch (cause) {
      throw new ControlUnavailable(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }
}

const key = (name: string): string => `${PREFIX}:${name}`;
