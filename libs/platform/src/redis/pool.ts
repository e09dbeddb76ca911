import type { Cluster, Redis } from './open.js';
import type { ReplyArena } from './replies.js';

/** Why Redis did not do what it was asked for. */
export const REDIS_FAILURES = ['timeout', 'connection', 'refused', 'exhausted'] as const;
export type RedisFailure = (typeof REDIS_FAILURES)[number];

export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';

  constructor(
    readonly failure: RedisFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A connection, and where its replies are read into, if it has such a place. */
export interface RedisConnection<C> {
  readonly client: C;
  readonly replies?: ReplyArena;
}

/** What a piece of work is given. */
export interface Lease<C> extends RedisConnection<C> {
  /** Nothing else is under way on the connection. */
  readonly alone: boolean;
}

/** How full the pool is. */
export interface RedisPoolState {
  readonly connections: number;
  readonly inFlight: number;
  readonly queued: number;
}

/** Told how each piece of work ended for who waited for it. */
export type RedisObserver = (seconds: number, failure: RedisFailure | null) => void;

interface Member<C> extends RedisConnection<C> {
  inFlight: number;
  /** When something last came back, or began where nothing was under way, ms. */
  progressAt: number;
}

/**
 * Pipelined connections to one Redis, with a cap on what may be under way. Work that is not answered in time is given up by
 * who waits for it, but it stays under way: Redis may still carry it out, and until then, or until the connection is
 * replaced, it takes up its place. Beyond the cap work waits for a place, or is refused at once where no
 * connection has moved for longer than it could wait.
 */
export class RedisPool<C extends Redis | Cluster = Redis> {
  /** Told of every piece of work. */
  observer: RedisObserver | undefined;
  private readonly members: readonly Member<C>[];
  private readonly queue: (() => void)[] = [];

  constructor(
    connections: readonly RedisConnection<C>[],
    private readonly maxInFlight: number,
  ) {
    this.members = connections.map((one) => ({ ...one, inFlight: 0, progressAt: 0 }));
  }

  get state(): RedisPoolState {
    return {
      connections: this.members.length,
      inFlight: this.members.reduce((sum, { inFlight }) => sum + inFlight, 0),
      queued: this.queue.length,
    };
  }

  get clients(): readonly C[] {
    return this.members.map(({ client }) => client);
  }

  /**
   * Does a piece of work on the least busy connection.
   * @param timeoutMs how long to wait for a place and for the work
   * @throws RedisUnavailable
   */
  async use<T>(timeoutMs: number, work: (lease: Lease<C>) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let failure: RedisFailure | null = null;
    try {
      const member = this.free();
      if (member !== undefined) return await inTime(timeoutMs, this.run(member, work));
      if (this.stuck(timeoutMs) || this.queue.length >= this.maxInFlight) {
        throw new RedisUnavailable(
          'exhausted',
          'as many turns as may be are under way, and Redis answers none',
        );
      }
      return await this.wait(timeoutMs, startedAt, work);
    } catch (cause) {
      const told = toUnavailable(cause);
      failure = told.failure;
      throw told;
    } finally {
      this.observer?.((performance.now() - startedAt) / 1000, failure);
    }
  }

  disconnect(): void {
    for (const { client } of this.members) client.disconnect();
  }

  private free(): Member<C> | undefined {
    let best = this.members[0]!;
    for (const member of this.members) if (member.inFlight < best.inFlight) best = member;
    return best.inFlight < this.maxInFlight ? best : undefined;
  }

  private stuck(timeoutMs: number): boolean {
    const since = performance.now() - timeoutMs;
    return this.members.every(({ progressAt }) => progressAt < since);
  }

  private async run<T>(member: Member<C>, work: (lease: Lease<C>) => Promise<T>): Promise<T> {
    const { client, replies } = member;
    const alone = member.inFlight === 0;
    member.inFlight += 1;
    if (alone) member.progressAt = performance.now();
    try {
      return await work(replies === undefined ? { client, alone } : { client, replies, alone });
    } finally {
      member.inFlight -= 1;
      member.progressAt = performance.now();
      this.queue.shift()?.();
    }
  }

  private async wait<T>(
    timeoutMs: number,
    startedAt: number,
    work: (lease: Lease<C>) => Promise<T>,
  ): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const ready = (): void => {
      resolve(undefined);
    };
    this.queue.push(ready);
    try {
      await inTime(timeoutMs, promise);
    } catch (cause) {
      const place = this.queue.indexOf(ready);
      // Its place came in the very moment: the next one gets it.
      if (place === -1) this.queue.shift()?.();
      else this.queue.splice(place, 1);
      throw cause;
    }
    const left = timeoutMs - (performance.now() - startedAt);
    return await inTime(left, this.run(this.free() ?? this.members[0]!, work));
  }
}

/** Waits for something, but not longer; what is late goes on by itself. */
async function inTime<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Timers run before sockets are read: after a pause of this process the answer may be there already.
      setImmediate(() => {
        reject(new RedisUnavailable('timeout', `Redis did not answer within ${timeoutMs} ms`));
      });
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function toUnavailable(cause: unknown): RedisUnavailable {
  if (cause instanceof RedisUnavailable) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const failure = cause instanceof Error && cause.name === 'ReplyError' ? 'refused' : 'connection';
  return new RedisUnavailable(failure, `Redis failed: ${message}`, { cause });
}
