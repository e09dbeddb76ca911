import { LRUCache } from 'lru-cache';
import { CARD_EVENT_BYTES, isEvent, viewOf } from '../state/card-event.js';
import { addToRing, copyRing } from '../state/ring.js';
import {
  CARD_LOG_CAP,
  CARD_LOG_SLACK,
  type DecisionCommit,
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
  private readonly decisions: LRUCache<string, Buffer>;

  constructor(options: MemoryStoreOptions) {
    this.logs = new LRUCache({ max: options.maxCards ?? 500_000 });
    this.rings = new LRUCache({ max: options.maxMerchants ?? 200_000 });
    this.decisions = new LRUCache({ max: options.maxDecisions ?? 500_000, ttl: options.decisionTtlMs });
  }

  exchange(reads: readonly StateRead[], commits: readonly DecisionCommit[]): Promise<readonly StateOfRow[]> {
    for (const commit of commits) this.commit(commit);
    return Promise.resolve(reads.map((read) => this.read(read)));
  }

  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    this.logs.clear();
    this.rings.clear();
    this.decisions.clear();
    return Promise.resolve();
  }

  private read(read: StateRead): StateOfRow {
    const stored = this.decisions.get(read.transactionId) ?? null;
    return {
      stored,
      cardLog: stored === null ? this.append(read.cardId, read.cardEvent) : this.logOf(read.cardId),
      merchantRing: this.rings.get(read.merchantId) ?? null,
    };
  }

  private logOf(cardId: string): Buffer {
    const log = this.logs.get(cardId);
    return log === undefined ? NOTHING : log.buffer.subarray(0, log.bytes);
  }

  /** Appends an event that the log does not hold yet; returns the log as it was before. */
  private append(cardId: string, event: Buffer): Buffer {
    const log = this.logs.get(cardId);
    if (log === undefined) {
      const buffer = Buffer.allocUnsafeSlow(FIRST_EVENTS * CARD_EVENT_BYTES);
      event.copy(buffer);
      this.logs.set(cardId, { buffer, bytes: CARD_EVENT_BYTES });
      return NOTHING;
    }
    const before = log.buffer.subarray(0, log.bytes);
    if (holds(before, event)) return before;
    if (log.bytes >= (CARD_LOG_CAP + CARD_LOG_SLACK) * CARD_EVENT_BYTES) {
      // Into a new buffer: `before` must stay what it was.
      const kept = before.subarray(before.length - (CARD_LOG_CAP - 1) * CARD_EVENT_BYTES);
      log.buffer = Buffer.allocUnsafeSlow((CARD_LOG_CAP + CARD_LOG_SLACK) * CARD_EVENT_BYTES);
      log.bytes = kept.copy(log.buffer);
    } else if (log.bytes === log.buffer.length) {
      log.buffer = Buffer.allocUnsafeSlow(log.bytes * 2);
      before.copy(log.buffer);
    }
    event.copy(log.buffer, log.bytes);
    log.bytes += CARD_EVENT_BYTES;
    return before;
  }

  private commit(commit: DecisionCommit): void {
    if (this.decisions.has(commit.transactionId)) return;
    this.decisions.set(commit.transactionId, commit.value);
    if (commit.counter === null) return;
    const { merchantId, timeMs, amount } = commit.counter;
    let ring = this.rings.get(merchantId);
    if (ring === undefined) {
      ring = copyRing(null);
      this.rings.set(merchantId, ring);
    }
    addToRing(ring, timeMs, amount);
  }
}

function holds(log: Buffer, event: Buffer): boolean {
  const low = event.readUInt32LE(0);
  const high = event.readUInt32LE(4);
  const view = viewOf(log);
  for (let at = 0; at < log.length; at += CARD_EVENT_BYTES) if (isEvent(view, at, low, high)) return true;
  return false;
}
