import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Redis, ReplyArena } from '@fraud/platform';
import { CARD_EVENT_BYTES, EVENT_ID_BYTES, lastIndexOf } from '../state/card-event.js';
import { VISIT_BYTES } from '../state/visit.js';
import { COUNTER_BYTES, EXCHANGE_SCRIPT } from './exchange-script.js';
import { LABEL_SCRIPT } from './label-script.js';
import {
  DEVICE_LOG_CAP,
  FeatureStoreUnavailable,
  IP_LOG_CAP,
  LAYOUT_VERSION,
  type DecisionCommit,
  type Exchanged,
  type FeatureStore,
  type LabelUpdate,
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
    // Who called before has read what it got.
    if (this.underWay === 0) this.replies?.release();
    const turn = this.encode(reads, commits);
    this.underWay++;
    try {
      const [flags, state] = await within(timeoutMs, this.send(turn));
      return decode(reads, commits.length, flags, state);
    } finally {
      this.underWay--;
    }
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
    const keys = commits.map((commit) => key('t', commit.transactionId));
    const counters = Buffer.allocUnsafe(commits.length * 2 * COUNTER_BYTES);
    const owners = Buffer.allocUnsafe(commits.length * 2 * 2);
    let updates = 0;
    for (let i = 0; i < commits.length; i++) {
      const { counter } = commits[i]!;
      if (counter === null) continue;
      const rings = [key('m', counter.merchantId)];
      if (counter.terminalId !== null) rings.push(key('p', counter.terminalId));
      for (const ring of rings) {
        keys.push(ring);
        counters.writeUInt32LE(Math.floor(counter.timeMs / 1000), updates * COUNTER_BYTES);
        counters.writeDoubleLE(counter.amount, updates * COUNTER_BYTES + 4);
        owners.writeUInt16LE(i, updates * 2);
        updates++;
      }
    }
    const decisions: string[] = [];
    const cards: string[] = [];
    const rings: string[] = [];
    const logs: string[] = [];
    const events = Buffer.allocUnsafe(reads.length * CARD_EVENT_BYTES);
    const visits = Buffer.allocUnsafe(reads.length * VISIT_BYTES);
    const visited = Buffer.allocUnsafe(reads.length * 2 * 4);
    for (let i = 0; i < reads.length; i++) {
      const read = reads[i]!;
      decisions.push(key('t', read.transactionId));
      cards.push(key('c', read.cardId));
      rings.push(key('m', read.merchantId));
      if (read.terminalId !== null) rings.push(key('p', read.terminalId));
      for (const [log, cap] of visitLogs(read)) {
        visited.writeUInt16LE(i, logs.length * 4);
        visited.writeUInt16LE(cap, logs.length * 4 + 2);
        logs.push(log);
      }
      read.cardEvent.copy(events, i * CARD_EVENT_BYTES);
      read.visit.copy(visits, i * VISIT_BYTES);
    }
    return {
      script: [
        keys.length + 2 * reads.length + logs.length,
        ...keys,
        ...decisions,
        ...cards,
        ...logs,
        commits.length,
        counters.subarray(0, updates * COUNTER_BYTES),
        owners.subarray(0, updates * 2),
        events,
        this.decisionTtlS,
        visits,
        visited.subarray(0, logs.length * 4),
        ...commits.map((commit) => commit.value),
      ],
      state: [...decisions, ...cards, ...rings, ...logs],
    };
  }
}

const key = (kind: 't' | 'c' | 'm' | 'p' | 'd' | 'i' | 'l', id: string): string => `${PREFIX}:${kind}:${id}`;

/** The logs of device and address that a read names, each with its cap. */
function visitLogs({ deviceId, ipHash }: StateRead): [log: string, cap: number][] {
  const logs: [string, number][] = [];
  if (deviceId !== null) logs.push([key('d', deviceId), DEVICE_LOG_CAP]);
  if (ipHash !== null) logs.push([key('i', ipHash), IP_LOG_CAP]);
  return logs;
}

function decode(reads: readonly StateRead[], commits: number, flags: unknown, state: unknown): Exchanged {
  const n = reads.length;
  if (!Buffer.isBuffer(flags) || flags.length !== commits + n) throw unexpected();
  const count = (present: (read: StateRead) => boolean): number => reads.filter(present).length;
  const terminals = count((r) => r.terminalId !== null);
  const logs = count((r) => r.deviceId !== null) + count((r) => r.ipHash !== null);
  if (!Array.isArray(state) || state.length !== 3 * n + terminals + logs) throw unexpected();
  const stored = Array.from({ length: commits }, (_, i) => flags[i] === DONE);
  let ring = 2 * n;
  let log = 3 * n + terminals;
  const visits = (id: string | null, visit: Buffer, repeated: boolean): Buffer => {
    if (id === null) return NOTHING;
    const { prefix, found } = before(bytes(state[log++]) ?? NOTHING, visit, VISIT_BYTES);
    // What is left of a log that has lost a repeated event came behind it.
    return found || !repeated ? prefix : NOTHING;
  };
  const states = reads.map((read, i) => {
    const card = before(bytes(state[n + i]) ?? NOTHING, read.cardEvent, CARD_EVENT_BYTES);
    const repeated = card.found && flags[commits + i] !== DONE;
    return {
      stored: bytes(state[i]),
      cardLog: card.prefix,
      repeated,
      merchantRing: bytes(state[ring++]),
      terminalRing: read.terminalId === null ? null : bytes(state[ring++]),
      deviceLog: visits(read.deviceId, read.visit, repeated),
      ipLog: visits(read.ipHash, read.visit, repeated),
    };
  });
  return { states, stored };
}

/** A log before an event: what others appended behind it since then, and the event itself, do not count. */
function before(log: Buffer, event: Buffer, eventBytes: number): { prefix: Buffer; found: boolean } {
  const own = lastIndexOf(log, event, eventBytes);
  return own === -1 ? { prefix: log, found: false } : { prefix: log.subarray(0, own), found: true };
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
