import type { Redis } from '@fraud/platform';
import { CARD_EVENT_BYTES } from '../state/card-event.js';
import { COUNTER_BYTES, EXCHANGE_SCRIPT } from './exchange-script.js';
import {
  FeatureStoreUnavailable,
  LAYOUT_VERSION,
  type DecisionCommit,
  type FeatureStore,
  type StateOfRow,
  type StateRead,
} from './store.js';

const PREFIX = `fd${LAYOUT_VERSION}`;
const NOTHING = Buffer.alloc(0);
const REPLIES_PER_READ = 3;

type Exchange = (keys: number, ...args: (string | number | Buffer)[]) => Promise<(Buffer | number | null)[]>;

/** Histories in Redis: one script call carries a whole turn. */
export class RedisFeatureStore implements FeatureStore {
  readonly kind = 'redis';
  private readonly call: Exchange;

  /**
   * @param redis a connection from `openRedis`, owned by this store from now on
   * @param decisionTtlS how long a decision stays stored
   */
  constructor(
    private readonly redis: Redis,
    private readonly decisionTtlS: number,
  ) {
    redis.defineCommand('exchange', { lua: EXCHANGE_SCRIPT });
    const commands = redis as unknown as { exchangeBuffer: Exchange };
    this.call = commands.exchangeBuffer.bind(redis);
  }

  async exchange(
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
    timeoutMs: number,
  ): Promise<readonly StateOfRow[]> {
    const { keys, args } = this.encode(reads, commits);
    const replies = await within(timeoutMs, this.call(keys.length, ...keys, ...args));
    return decode(replies, commits.length, reads.length);
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

  private encode(
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
  ): { keys: string[]; args: (string | number | Buffer)[] } {
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
    const events = Buffer.allocUnsafe(reads.length * CARD_EVENT_BYTES);
    for (let i = 0; i < reads.length; i++) {
      const read = reads[i]!;
      keys.push(
        `${PREFIX}:t:${read.transactionId}`,
        `${PREFIX}:c:${read.cardId}`,
        `${PREFIX}:m:${read.merchantId}`,
      );
      read.cardEvent.copy(events, i * CARD_EVENT_BYTES);
    }
    const args = [
      commits.length,
      counters.subarray(0, updates * COUNTER_BYTES),
      owners.subarray(0, updates * 2),
      events,
      this.decisionTtlS,
      ...commits.map((commit) => commit.value),
    ];
    return { keys, args };
  }
}

function decode(replies: unknown, commits: number, reads: number): StateOfRow[] {
  if (!Array.isArray(replies) || replies.length !== commits + reads * REPLIES_PER_READ) {
    throw new FeatureStoreUnavailable('Redis answered with something else than asked for');
  }
  const rows: StateOfRow[] = [];
  for (let at = commits; at < replies.length; at += REPLIES_PER_READ) {
    rows.push({
      stored: bytes(replies[at]),
      cardLog: bytes(replies[at + 1]) ?? NOTHING,
      merchantRing: bytes(replies[at + 2]),
    });
  }
  return rows;
}

function bytes(reply: unknown): Buffer | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply;
  throw new FeatureStoreUnavailable('Redis answered with something else than asked for');
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
