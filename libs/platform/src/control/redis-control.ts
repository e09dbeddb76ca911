import type { Cluster, Redis } from '../redis/open.js';
import { ControlUnavailable, toDocument, type ControlDocument, type ControlStore } from './control-store.js';
import { sumOf } from './file-control.js';

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

  /** @param client a connection of its own, closed by this store */
  constructor(private readonly client: Redis | Cluster) {}

  async read(name: string): Promise<ControlDocument | null> {
    const json = await inTime(this.client.get(key(name)));
    return json === null ? null : toDocument(json);
  }

  async replace(name: string, expected: number, document: ControlDocument): Promise<boolean> {
    const done = this.client.eval(REPLACE, 1, key(name), String(expected), JSON.stringify(document));
    return (await inTime(done)) === 1;
  }

  async count(
    name: string,
    minute: number,
    minutes: number,
    add: Readonly<Record<string, number>>,
  ): Promise<Record<string, number>> {
    // The braces keep all minutes of a name on one node of a cluster.
    const of = (at: number): string => `${PREFIX}:{${name}}:${at}`;
    const changes = Object.entries(add).filter(([, n]) => n !== 0);
    const pipeline = this.client.pipeline();
    for (const [field, n] of changes) pipeline.hincrby(of(minute), field, n);
    if (changes.length > 0) pipeline.expire(of(minute), (minutes + 1) * 60);
    for (let at = minute - minutes + 1; at <= minute; at++) pipeline.hgetall(of(at));
    const replies = (await inTime(pipeline.exec())) ?? [];
    const failed = replies.find(([error]) => error !== null)?.[0];
    if (failed !== undefined && failed !== null) throw unavailable(failed);
    return sumOf(
      replies.slice(-minutes).map(([, fields]) => {
        const read = Object.entries(fields as Record<string, string>);
        return Object.fromEntries(read.map(([field, n]) => [field, Number(n)]));
      }),
    );
  }

  close(): Promise<void> {
    this.client.disconnect();
    return Promise.resolve();
  }
}

const key = (name: string): string => `${PREFIX}:${name}`;

/** @throws ControlUnavailable */
async function inTime<T>(reply: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ControlUnavailable(`Redis did not answer within ${TIMEOUT_MS} ms`));
    }, TIMEOUT_MS);
  });
  try {
    return await Promise.race([reply, late]);
  } catch (cause) {
    throw cause instanceof ControlUnavailable ? cause : unavailable(cause);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause: unknown): ControlUnavailable {
  return new ControlUnavailable(cause instanceof Error ? cause.message : String(cause), { cause });
}
