import { LRUCache } from 'lru-cache';
import { CARD_EVENT_BYTES, eventTimeMs, lastIndexOf, markFraud, viewOf } from '../state/card-event.js';
import { addFraud, addToRing, copyRing } from '../state/ring.js';
import { VISIT_BYTES } from '../state/visit.js';
import { GrowingLog } from './growing-log.js';
import {
  CARD_LOG_CAP,
  CARD_LOG_SLACK,
  DEVICE_LOG_CAP,
  IP_LOG_CAP,
  VISIT_LOG_SLACK,
  type CounterUpdate,
  type DecisionCommit,
  type Exchanged,
  type FeatureStore,
  type LabelUpdate,
  type StateOfRow,
  type StateRead,
} from './store.js';

const NOTHING = Buffer.alloc(0);

const CARD_LOG = { eventBytes: CARD_EVENT_BYTES, cap: CARD_LOG_CAP, slack: CARD_LOG_SLACK };
const DEVICE_LOG = { eventBytes: VISIT_BYTES, cap: DEVICE_LOG_CAP, slack: VISIT_LOG_SLACK };
const IP_LOG = { eventBytes: VISIT_BYTES, cap: IP_LOG_CAP, slack: VISIT_LOG_SLACK };

/** Bounds of the embedded store: the least recently used entries fall out beyond them. */
export interface MemoryStoreOptions {
  readonly decisionTtlMs: number;
  readonly maxCards?: number;
  readonly maxMerchants?: number;
  readonly maxDecisions?: number;
}

interface CardLog {
  readonly log: GrowingLog;
  youngestMs: number;
}

/**
 * The embedded store: same contract as Redis, nothing survives the process. For trials, replay and training.
 */
export class MemoryFeatureStore implements FeatureStore {
  readonly kind = 'memory';
  private readonly cards: LRUCache<string, CardLog>;
  private readonly devices: LRUCache<string, GrowingLog>;
  private readonly addresses: LRUCache<string, GrowingLog>;
  private readonly merchants: LRUCache<string, Buffer>;
  private readonly terminals: LRUCache<string, Buffer>;
  private readonly decided: LRUCache<string, Buffer>;
  private readonly labels: LRUCache<string, boolean>;

  constructor(options: MemoryStoreOptions) {
    const cards = options.maxCards ?? 500_000;
    const merchants = options.maxMerchants ?? 200_000;
    this.cards = new LRUCache({ max: cards });
    this.devices = new LRUCache({ max: cards });
    this.addresses = new LRUCache({ max: cards });
    this.merchants = new LRUCache({ max: merchants });
    this.terminals = new LRUCache({ max: merchants });
    this.labels = new LRUCache({ max: merchants });
    this.decided = new LRUCache({ max: options.maxDecisions ?? 500_000, ttl: options.decisionTtlMs });
  }

  exchange(reads: readonly StateRead[], commits: readonly DecisionCommit[]): Promise<Exchanged> {
    const stored = commits.map((commit) => this.commit(commit));
    return Promise.resolve({ states: reads.map((read) => this.read(read, true)), stored });
  }

  look(reads: readonly StateRead[]): Promise<readonly StateOfRow[]> {
    return Promise.resolve(reads.map((read) => this.read(read, false)));
  }

  decisions(transactionIds: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return Promise.resolve(transactionIds.map((id) => this.decided.get(id) ?? null));
  }

  label(update: LabelUpdate): Promise<boolean> {
    const { transactionId, eventHash, cardId, merchantId, terminalId, timeMs, fraud } = update;
    if ((this.labels.get(transactionId) ?? false) === fraud) return Promise.resolve(false);
    this.labels.set(transactionId, fraud);
    const log = this.cards.get(cardId)?.log.bytes;
    const at = log === undefined ? -1 : lastIndexOf(log, eventHash);
    if (log !== undefined && at !== -1) markFraud(log, at, fraud);
    addFraud(ringOf(this.merchants, merchantId), timeMs, fraud ? 1 : -1);
    if (terminalId !== null) addFraud(ringOf(this.terminals, terminalId), timeMs, fraud ? 1 : -1);
    return Promise.resolve(true);
  }

  forget(cardId: string, transactionIds: readonly string[]): Promise<void> {
    this.cards.delete(cardId);
    for (const id of transactionIds) {
      this.decided.delete(id);
      this.labels.delete(id);
    }
    return Promise.resolve();
  }

  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    for (const kept of [this.cards, this.devices, this.addresses, this.merchants, this.terminals])
      kept.clear();
    this.decided.clear();
    this.labels.clear();
    return Promise.resolve();
  }

  private read(read: StateRead, append: boolean): StateOfRow {
    const stored = this.decided.get(read.transactionId) ?? null;
    const card = this.readCard(read, append && stored === null);
    if (card.appended) this.count(read.counter ?? null);
    return {
      stored,
      cardLog: card.cardLog,
      repeated: card.repeated,
      merchantRing: this.merchants.get(read.merchantId) ?? null,
      terminalRing: read.terminalId === null ? null : (this.terminals.get(read.terminalId) ?? null),
      deviceLog: visits(this.devices, read.deviceId, read.visit, card, DEVICE_LOG),
      ipLog: visits(this.addresses, read.ipHash, read.visit, card, IP_LOG),
    };
  }

  private readCard(
    { cardId, cardEvent }: StateRead,
    append: boolean,
  ): { cardLog: Buffer; repeated: boolean; appended: boolean } {
    const time = eventTimeMs(viewOf(cardEvent), 0);
    const card = this.cards.get(cardId);
    if (card === undefined) {
      if (!append) return { cardLog: NOTHING, repeated: false, appended: false };
      this.cards.set(cardId, { log: new GrowingLog(cardEvent), youngestMs: time });
      return { cardLog: NOTHING, repeated: false, appended: true };
    }
    // An event that is younger than all in the log cannot be in it.
    const own = time > card.youngestMs ? -1 : lastIndexOf(card.log.bytes, cardEvent);
    if (own !== -1) return { cardLog: card.log.bytes.subarray(0, own), repeated: true, appended: false };
    if (!append) return { cardLog: card.log.bytes, repeated: false, appended: false };
    if (time > card.youngestMs) card.youngestMs = time;
    return { cardLog: card.log.append(cardEvent, CARD_LOG), repeated: false, appended: true };
  }

  private commit(commit: DecisionCommit): boolean {
    if (this.decided.has(commit.transactionId)) return false;
    this.decided.set(commit.transactionId, commit.value);
    this.count(commit.counter);
    return true;
  }

  private count(counter: CounterUpdate | null): void {
    if (counter === null) return;
    const { merchantId, terminalId, timeMs, amount } = counter;
    addToRing(ringOf(this.merchants, merchantId), timeMs, amount);
    if (terminalId !== null) addToRing(ringOf(this.terminals, terminalId), timeMs, amount);
  }
}

/**
 * The log of a device or an address before the event; where that is new in its card's log, it is in this one from now on.
 * What is left of a log that has lost a repeated event came behind it.
 */
function visits(
  logs: LRUCache<string, GrowingLog>,
  id: string | null,
  visit: Buffer,
  { appended, repeated }: { readonly appended: boolean; readonly repeated: boolean },
  shape: Parameters<GrowingLog['append']>[1],
): Buffer {
  if (id === null) return NOTHING;
  const log = logs.get(id);
  if (log === undefined) {
    if (appended) logs.set(id, new GrowingLog(visit));
    return NOTHING;
  }
  if (appended) return log.append(visit, shape);
  const own = lastIndexOf(log.bytes, visit, VISIT_BYTES);
  if (own !== -1) return log.bytes.subarray(0, own);
  return repeated ? NOTHING : log.bytes;
}

function ringOf(rings: LRUCache<string, Buffer>, id: string): Buffer {
  let ring = rings.get(id);
  if (ring === undefined) {
    ring = copyRing(null);
    rings.set(id, ring);
  }
  return ring;
}
