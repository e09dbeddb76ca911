import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { RedisUnavailable, type Redis, type RedisPool } from '@fraud/platform';
import { EVENT_ID_BYTES } from '../state/card-event.js';
import { EXCHANGE_SCRIPT } from './exchange-script.js';
import { LABEL_SCRIPT } from './label-script.js';
import {
  appendedBy,
  bytes,
  decodeTurn,
  encodeTurn,
  key,
  keysToForget,
  PROBE,
  PROBE_TTL_S,
  unexpected,
  type Turn,
} from './redis-turn.js';
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

/**
 * Histories in one Redis, or behind sentinels: one script call and one MGET carry a whole turn, in one write and one
 * round trip.
 */
export class RedisFeatureStore implements FeatureStore {
  readonly kind = 'redis';

  /**
   * @param pool connections from `openRedis`, owned by this store from now on
   * @param decisionTtlS how long a decision stays stored
   */
  constructor(
    private readonly pool: RedisPool,
    private readonly decisionTtlS: number,
  ) {}

  async exchange(
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
    timeoutMs: number,
  ): Promise<Exchanged> {
    if (reads.length + commits.length === 0) return { states: [], stored: [] };
    const turn = encodeTurn(reads, commits, this.decisionTtlS);
    let sent: ReturnType<typeof send> | undefined;
    try {
      const [flags, state] = await this.reading(timeoutMs, (client) => (sent = send(client, turn)));
      return decodeTurn(reads, commits.length, flags, state);
    } catch (cause) {
      if (!(cause instanceof FeatureStoreUnavailable) || sent === undefined || reads.length === 0)
        throw cause;
      const late = sent.then(([flags]) => appendedBy(flags, reads.length));
      // Who asks for nothing more need not know.
      late.catch(() => undefined);
      throw new FeatureStoreUnavailable(cause.message, { cause: cause.cause }, late);
    }
  }

  async look(reads: readonly StateRead[], timeoutMs: number): Promise<readonly StateOfRow[]> {
    if (reads.length === 0) return [];
    const { state } = encodeTurn(reads, [], this.decisionTtlS);
    const replies = await this.reading(timeoutMs, (client) => client.mgetBuffer(...state));
    return decodeTurn(reads, 0, Buffer.alloc(reads.length, NOT_APPENDED), replies).states;
  }

  async decisions(transactionIds: readonly string[], timeoutMs: number): Promise<readonly (Buffer | null)[]> {
    if (transactionIds.length === 0) return [];
    const keys = transactionIds.map((id) => key('t', id));
    const replies: unknown = await carriedOut(
      this.pool.use(timeoutMs, ({ client }) => client.mgetBuffer(...keys)),
    );
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
    const changed = await carriedOut(
      this.pool.use(timeoutMs, ({ client }) => client.call('EVAL', LABEL_SCRIPT, ...args)),
    );
    return changed === 1;
  }

  async forget(cardId: string, transactionIds: readonly string[], timeoutMs: number): Promise<void> {
    const keys = keysToForget(cardId, transactionIds);
    await carriedOut(this.pool.use(timeoutMs, ({ client }) => client.unlink(...keys)));
  }

  async ping(timeoutMs: number): Promise<boolean> {
    try {
      const probe = this.pool.use(timeoutMs, ({ client }) => client.set(PROBE, '1', 'EX', PROBE_TTL_S));
      return (await probe) === 'OK';
    } catch {
      return false;
    }
  }

  close(): Promise<void> {
    this.pool.disconnect();
    return Promise.resolve();
  }

  /** What is read is good until somebody reads again. */
  private reading<T>(timeoutMs: number, work: (client: Redis) => Promise<T>): Promise<T> {
    return carriedOut(
      this.pool.use(timeoutMs, ({ client, replies, alone }) => {
        // Who called before has read what it got.
        if (alone) replies?.release();
        return work(client);
      }),
    );
  }
}

/** Both commands in one write; a Redis that does not know the script (it was restarted) is told it first. */
async function send(redis: Redis, turn: Turn): Promise<readonly [flags: unknown, state: unknown]> {
  try {
    return await write(redis, 'EVALSHA', SCRIPT_SHA1, turn);
  } catch (cause) {
    if (!(cause instanceof Error && cause.message.startsWith('NOSCRIPT'))) throw cause;
    return await write(redis, 'EVAL', EXCHANGE_SCRIPT, turn);
  }
}

function write(
  redis: Redis,
  command: 'EVALSHA' | 'EVAL',
  script: string,
  turn: Turn,
): Promise<[unknown, unknown]> {
  // No stream yet, or no more: the commands fail by themselves.
  const stream = redis.stream as Socket | undefined;
  stream?.cork();
  try {
    return Promise.all([
      redis.callBuffer(command, script, ...turn.script),
      turn.state.length === 0 ? [] : redis.mgetBuffer(...turn.state),
    ]);
  } finally {
    stream?.uncork();
  }
}

/** What Redis did, or the error of this port. */
export async function carriedOut<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof RedisUnavailable)) throw cause;
    throw new FeatureStoreUnavailable(cause.message, { cause });
  }
}
