import { LRUCache } from 'lru-cache';
import { CARD_EVENT_BYTES, eventTimeMs, lastIndexOf, viewOf } from '../state/card-event.js';
import { addToRing, copyRing } from '../state/ring.js';
import {
  CARD_LOG_CAP,
  CARD_LOG_SLACK,
  type DecisionCommit,
  type Exchanged,
  type FeatureStore,
  type StateOfRow,
  type StateRead,
} from './store.js';

const NOTHING = Buffer.alloc(0);
const FIRST_EVENTS = 4;

/** A log that grows by doubling; `bytes` of the buffer are in use. */
interface GrowingLog {
  buffer: Buffer;
  bytes: number;
  youngestMs: number;
}

/** Bounds of the embedded store: the least recently used entries fall out beyond them. */
export interface MemoryStoreOptions {
  readonly decisionTtlMs: number;
  readonly maxCards?: number;
  readonly maxMerchants?: number;
  readonly maxDecisions?: number;
}

/**
 * The embedded store: same contract as Redis, nothing survives the process. For trials, replay and training.
 */
export class MemoryFeatureStore implements FeatureStore {
  readonly kind = 'memory';
  private readonly logs: LRUCache<string, GrowingLog>;
  private readonly rings: LRUCache<string, Buffer>;
  private readonly decided: LRUCache<string, Buffer>;

  constructor(options: MemoryStoreOptions) {
    this.logs = new LRUCache({ max: options.maxCards ?? 500_000 });
    this.rings = new LRUCache({ max: options.maxMerchants ?? 200_000 });
    this.decided = new LRUCache({ max: options.maxDecisions ?? 500_000, ttl: options.decisionTtlMs });
  }

  exchange(reads: readonly StateRead[], commits: readonly DecisionCommit[]): Promise<Exchanged> {
    const stored = commits.map((commit) => this.commit(commit));
    return Promise.resolve({ states: reads.map((read) => this.read(read)), stored });
  }

  decisions(transactionIds: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return Promise.resolve(transactionIds.map((id) => this.decided.get(id) ?? null));
  }

  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    this.logs.clear();
    this.rings.clear();
    this.decided.clear();
    return Promise.resolve();
  }

  private read(read: StateRead): StateOfRow {
    const stored = this.decided.get(read.transactionId) ?? null;
    const log = this.logs.get(read.cardId);
    const merchantRing = this.rings.get(read.merchantId) ?? null;
    if (log === undefined) {
      if (stored === null) this.logs.set(read.cardId, newLog(read.cardEvent));
      return { stored, cardLog: NOTHING, repeated: false, merchantRing };
    }
    const time = eventTimeMs(viewOf(read.cardEvent), 0);
    const held = log.buffer.subarray(0, log.bytes);
    // An event that is younger than all in the log cannot be in it.
    const own = time > log.youngestMs ? -1 : lastIndexOf(held, read.cardEvent);
    if (own !== -1) return { stored, cardLog: held.subarray(0, own), repeated: true, merchantRing };
    const cardLog = stored === null ? append(log, read.cardEvent, time) : held;
    return { stored, cardLog, repeated: false, merchantRing };
  }

  private commit(commit: DecisionCommit): boolean {
    if (this.decided.has(commit.transactionId)) return false;
    this.decided.set(commit.transactionId, commit.value);
    if (commit.counter === null) return true;
    const { merchantId, timeMs, amount } = commit.counter;
    let ring = this.rings.get(merchantId);
    if (ring === undefined) {
      ring = copyRing(null);
      this.rings.set(merchantId, ring);
    }
    addToRing(ring, timeMs, amount);
    return true;
  }
}

function newLog(event: Buffer): GrowingLog {
  const buffer = Buffer.allocUnsafeSlow(FIRST_EVENTS * CARD_EVENT_BYTES);
  event.copy(buffer);
  return { buffer, bytes: CARD_EVENT_BYTES, youngestMs: eventTimeMs(viewOf(event), 0) };
}

/** Appends an event; returns the log as it is before it. */
function append(log: GrowingLog, event: Buffer, timeMs: number): Buffer {
  if (log.bytes >= (CARD_LOG_CAP + CARD_LOG_SLACK) * CARD_EVENT_BYTES) {
    // Into a new buffer: rows that were answered before still look at the old one.
    const kept = log.buffer.subarray(log.bytes - CARD_LOG_CAP * CARD_EVENT_BYTES, log.bytes);
    log.buffer = Buffer.allocUnsafeSlow((CARD_LOG_CAP + CARD_LOG_SLACK) * CARD_EVENT_BYTES);
    log.bytes = kept.copy(log.buffer);
  } else if (log.bytes === log.buffer.length) {
    const grown = Buffer.allocUnsafeSlow(log.bytes * 2);
    log.buffer.copy(grown);
    log.buffer = grown;
  }
  const before = log.buffer.subarray(0, log.bytes);
  log.bytes += event.copy(log.buffer, log.bytes);
  if (timeMs > log.youngestMs) log.youngestMs = timeMs;
  return before;
}
