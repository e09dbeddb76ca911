import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Redis } from '@fraud/platform';
import { CARD_EVENT_BYTES, lastIndexOf } from '../state/card-event.js';
import { COUNTER_BYTES, EXCHANGE_SCRIPT } from './exchange-script.js';
import {
  FeatureStoreUnavailable,
  LAYOUT_VERSION,
  type DecisionCommit,
  type Exchanged,
  type FeatureStore,
  type StateRead,
} from './store.js';

const PREFIX = `fd${LAYOUT_VERSION}`;
const SCRIPT_SHA1 = createHash('sha1').update(EXCHANGE_SCRIPT).digest('hex');
const NOTHING = Buffer.alloc(0);
const DONE = '1'.charCodeAt(0);

/** One turn in the form that Redis takes: the script's keys and arguments, and what is read behind it. */
interface Turn {
  readonly script: readonly (string | number | Buffer)[];
  readonly state: readonly string[];
}

/** Histories in Redis: one script call and one MGET carry a whole turn, in one write and one round trip. */
export class RedisFeatureStore implements FeatureStore {
  readonly kind = 'redis';

  /**
   * @param redis a connection from `openRedis`, owned by this store from now on
   * @param decisionTtlS how long a decision stays stored
   */
  constructor(
    private readonly redis: Redis,
    private readonly decisionTtlS: number,
  ) {}

  async exchange(
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
    timeoutMs: number,
  ): Promise<Exchanged> {
    if (reads.length + commits.length === 0) return { states: [], stored: [] };
    const turn = this.encode(reads, commits);
    const [flags, state] = await within(timeoutMs, this.send(turn));
    return decode(reads, commits.length, flags, state);
  }

  async decisions(transactionIds: readonly string[], timeoutMs: number): Promise<readonly (Buffer | null)[]> {
    if (transactionIds.length === 0) return [];
    const keys = transactionIds.map((id) => `${PREFIX}:t:${id}`);
    const replies: unknown = await within(timeoutMs, this.redis.mgetBuffer(...keys));
    if (!Array.isArray(replies) || replies.length !== keys.length) throw unexpected();
    return replies.map(bytes);
  }

  async ping(timeoutMs: number): Promise<boolean> {
    try {
      return (await within(timeoutMs, this.redis.ping())) === 'PONG';
    } catch {
      return false;
    }
  }

  close(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }

  /** Both commands in one write; a Redis that does not know the script (it was restarted) is told it first. */
  private async send(turn: Turn): Promise<readonly [flags: unknown, state: unknown]> {
    try {
      return await this.write('EVALSHA', SCRIPT_SHA1, turn);
    } catch (cause) {
      if (!(cause instanceof Error && cause.message.startsWith('NOSCRIPT'))) throw cause;
      return await this.write('EVAL', EXCHANGE_SCRIPT, turn);
    }
  }

  private write(command: 'EVALSHA' | 'EVAL', script: string, turn: Turn): Promise<[unknown, unknown]> {
    // No stream yet, or no more: the commands fail by themselves.
    const stream = this.redis.stream as Socket | undefined;
    stream?.cork();
    try {
      return Promise.all([
        this.redis.callBuffer(command, script, ...turn.script),
        turn.state.length === 0 ? [] : this.redis.mgetBuffer(...turn.state),
      ]);
    } finally {
      stream?.uncork();
    }
  }

  private encode(reads: readonly StateRead[], commits: readonly DecisionCommit[]): Turn {
    const keys = commits.map((commit) => `${PREFIX}:t:${commit.transactionId}`);
    const counters = Buffer.allocUnsafe(commits.length * COUNTER_BYTES);
    const owners = Buffer.allocUnsafe(commits.length * 2);
    let updates = 0;
    for (let i = 0; i < commits.length; i++) {
      const { counter } = commits[i]!;
      if (counter === null) continue;
      keys.push(`${PREFIX}:m:${counter.merchantId}`);
      counters.writeUInt32LE(Math.floor(counter.timeMs / 1000), updates * COUNTER_BYTES);
      counters.writeDoubleLE(counter.amount, updates * COUNTER_BYTES + 4);
      owners.writeUInt16LE(i, updates * 2);
      updates++;
    }
    const decisions = reads.map((read) => `${PREFIX}:t:${read.transactionId}`);
    const logs = reads.map((read) => `${PREFIX}:c:${read.cardId}`);
    const rings = reads.map((read) => `${PREFIX}:m:${read.merchantId}`);
    const events = Buffer.allocUnsafe(reads.length * CARD_EVENT_BYTES);
    for (let i = 0; i < reads.length; i++) reads[i]!.cardEvent.copy(events, i * CARD_EVENT_BYTES);
    return {
      script: [
        keys.length + 2 * reads.length,
        ...keys,
        ...decisions,
        ...logs,
        commits.length,
        counters.subarray(0, updates * COUNTER_BYTES),
        owners.subarray(0, updates * 2),
        events,
        this.decisionTtlS,
        ...commits.map((commit) => commit.value),
      ],
      state: [...decisions, ...logs, ...rings],
    };
  }
}

function decode(reads: readonly StateRead[], commits: number, flags: unknown, state: unknown): Exchanged {
  const n = reads.length;
  if (!Buffer.isBuffer(flags) || flags.length !== commits + n) throw unexpected();
  if (!Array.isArray(state) || state.length !== 3 * n) throw unexpected();
  const stored = Array.from({ length: commits }, (_, i) => flags[i] === DONE);
  const states = reads.map((read, i) => {
    const log = bytes(state[n + i]) ?? NOTHING;
    // What others appended behind this event since then, and the event itself, do not count.
    const own = lastIndexOf(log, read.cardEvent);
    return {
      stored: bytes(state[i]),
      cardLog: own === -1 ? log : log.subarray(0, own),
      repeated: own !== -1 && flags[commits + i] !== DONE,
      merchantRing: bytes(state[2 * n + i]),
    };
  });
  return { states, stored };
}

function bytes(reply: unknown): Buffer | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply;
  throw unexpected();
}

function unexpected(): FeatureStoreUnavailable {
  return new FeatureStoreUnavailable('Redis answered with something else than asked for');
}

async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Timers run before sockets are read: after a pause of this process the answer may be there already.
      setImmediate(() => {
        reject(new FeatureStoreUnavailable(`Redis did not answer within ${timeoutMs} ms`));
      });
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    if (cause instanceof FeatureStoreUnavailable) throw cause;
    throw new FeatureStoreUnavailable(
      `Redis failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}
