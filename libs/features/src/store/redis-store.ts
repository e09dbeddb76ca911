import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Redis, ReplyArena } from '@fraud/platform';
import { EVENT_ID_BYTES } from '../state/card-event.js';
import { EXCHANGE_SCRIPT } from './exchange-script.js';
import { LABEL_SCRIPT } from './label-script.js';
import { bytes, decodeTurn, encodeTurn, key, unexpected, type Turn } from './redis-turn.js';
import {
  FeatureStoreUnavailable,
  type DecisionCommit,
  type Exchanged,
  type FeatureStore,
  type LabelUpdate,
  type StateOfRow,
  type StateRead,
} from './store.js';

const SCRIPT_SHA1 = createHash('sha1').update(EXCHANGE_SCRIPT).digest('hex');

/** What the script answers for a read that left no trace. */
const NOT_APPENDED = '0';

/** Histories in Redis: one script call and one MGET carry a whole turn, in one write and one round trip. */
export class RedisFeatureStore implements FeatureStore {
  readonly kind = 'redis';
  private underWay = 0;

  /**
   * @param redis a connection from `openRedis`, owned by this store from now on
   * @param decisionTtlS how long a decision stays stored
   * @param replies where the connection reads into, if it does
   */
  constructor(
    private readonly redis: Redis,
    private readonly decisionTtlS: number,
    private readonly replies?: ReplyArena,
  ) {}

  async exchange(
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
    timeoutMs: number,
  ): Promise<Exchanged> {
    if (reads.length + commits.length === 0) return { states: [], stored: [] };
    const turn = encodeTurn(reads, commits, this.decisionTtlS);
    return await this.reading(async () => {
      const [flags, state] = await within(timeoutMs, this.send(turn));
      return decodeTurn(reads, commits.length, flags, state);
    });
  }

  async look(reads: readonly StateRead[], timeoutMs: number): Promise<readonly StateOfRow[]> {
    if (reads.length === 0) return [];
    const { state } = encodeTurn(reads, [], this.decisionTtlS);
    const flags = Buffer.alloc(reads.length, NOT_APPENDED);
    return await this.reading(async () => {
      const replies = await within(timeoutMs, this.redis.mgetBuffer(...state));
      return decodeTurn(reads, 0, flags, replies).states;
    });
  }

  async decisions(transactionIds: readonly string[], timeoutMs: number): Promise<readonly (Buffer | null)[]> {
    if (transactionIds.length === 0) return [];
    const keys = transactionIds.map((id) => key('t', id));
    const replies: unknown = await within(timeoutMs, this.redis.mgetBuffer(...keys));
    if (!Array.isArray(replies) || replies.length !== keys.length) throw unexpected();
    return replies.map(bytes);
  }

  async label(update: LabelUpdate, timeoutMs: number): Promise<boolean> {
    const { transactionId, eventHash, cardId, merchantId, terminalId, timeMs, fraud } = update;
    const keys = [key('l', transactionId), key('c', cardId), key('m', merchantId)];
    if (terminalId !== null) keys.push(key('p', terminalId));
    const id = eventHash.subarray(0, EVENT_ID_BYTES);
    const seconds = Math.floor(timeMs / 1000);
    const args = [keys.length, ...keys, fraud ? '1' : '0', id, seconds];
    return (await within(timeoutMs, this.redis.call('EVAL', LABEL_SCRIPT, ...args))) === 1;
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

  private async reading<T>(work: () => Promise<T>): Promise<T> {
    // Who called before has read what it got.
    if (this.underWay === 0) this.replies?.release();
    this.underWay++;
    try {
      return await work();
    } finally {
      this.underWay--;
    }
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
