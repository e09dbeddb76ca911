import { CARD_EVENT_BYTES, lastIndexOf } from '../state/card-event.js';
import { VISIT_BYTES } from '../state/visit.js';
import { COUNTER_BYTES } from './exchange-script.js';
import {
  DEVICE_LOG_CAP,
  FeatureStoreUnavailable,
  IP_LOG_CAP,
  LAYOUT_VERSION,
  type CounterUpdate,
  type DecisionCommit,
  type Exchanged,
  type StateRead,
} from './store.js';

export const PREFIX = `fd${LAYOUT_VERSION}`;
const NOTHING = Buffer.alloc(0);
const DONE = '1'.charCodeAt(0);

/** One turn in the form that Redis takes: the script's keys and arguments, and what is read behind it. */
export interface Turn {
  readonly script: readonly (string | number | Buffer)[];
  readonly state: readonly string[];
}

export const key = (kind: 't' | 'c' | 'm' | 'p' | 'd' | 'i' | 'l', id: string): string =>
  `${PREFIX}:${kind}:${id}`;

/** All that names a card, and these transactions of it. */
export const keysToForget = (cardId: string, transactionIds: readonly string[]): string[] => [
  key('c', cardId),
  ...transactionIds.flatMap((id) => [key('t', id), key('l', id)]),
];

/** What is written to see whether Redis takes writes: a replica, or a Redis without memory, answers a PING. */
export const PROBE = `${PREFIX}:probe`;
export const PROBE_TTL_S = 60;

/** @param decisionTtlS how long a decision stays stored */
export function encodeTurn(
  reads: readonly StateRead[],
  commits: readonly DecisionCommit[],
  decisionTtlS: number,
): Turn {
  const keys = commits.map((commit) => key('t', commit.transactionId));
  const { counters, owners } = encodeCounters(reads, commits, keys);
  const { decisions, cards, rings, logs } = keysOf(reads);
  const events = Buffer.allocUnsafe(reads.length * CARD_EVENT_BYTES);
  const visits = Buffer.allocUnsafe(reads.length * VISIT_BYTES);
  for (let i = 0; i < reads.length; i++) {
    const read = reads[i]!;
    read.cardEvent.copy(events, i * CARD_EVENT_BYTES);
    read.visit.copy(visits, i * VISIT_BYTES);
  }
  const visited = Buffer.allocUnsafe(logs.length * 4);
  for (let i = 0; i < logs.length; i++) {
    visited.writeUInt16LE(logs[i]!.read, i * 4);
    visited.writeUInt16LE(logs[i]!.cap, i * 4 + 2);
  }
  const logKeys = logs.map(({ log }) => log);
  return {
    script: [
      keys.length + 2 * reads.length + logs.length,
      ...keys,
      ...decisions,
      ...cards,
      ...logKeys,
      commits.length,
      counters,
      owners,
      events,
      decisionTtlS,
      visits,
      visited,
      ...commits.map((commit) => commit.value),
    ],
    state: [...decisions, ...cards, ...rings, ...logKeys],
  };
}

/**
 * What moves counters, and whose outcome decides that it does: the commits', then the reads'.
 * @param keys to which the rings are added
 */
function encodeCounters(
  reads: readonly StateRead[],
  commits: readonly DecisionCommit[],
  keys: string[],
): { counters: Buffer; owners: Buffer } {
  const most = commits.length + (reads.some(({ counter }) => counter !== undefined) ? reads.length : 0);
  const counters = Buffer.allocUnsafe(most * 2 * COUNTER_BYTES);
  const owners = Buffer.allocUnsafe(most * 2 * 2);
  let updates = 0;
  const add = (owner: number, counter: CounterUpdate | null | undefined): void => {
    if (counter === null || counter === undefined) return;
    const rings = [key('m', counter.merchantId)];
    if (counter.terminalId !== null) rings.push(key('p', counter.terminalId));
    for (const ring of rings) {
      keys.push(ring);
      counters.writeUInt32LE(Math.floor(counter.timeMs / 1000), updates * COUNTER_BYTES);
      counters.writeDoubleLE(counter.amount, updates * COUNTER_BYTES + 4);
      owners.writeUInt16LE(owner, updates * 2);
      updates++;
    }
  };
  for (let i = 0; i < commits.length; i++) add(i, commits[i]!.counter);
  if (most > commits.length)
    for (let i = 0; i < reads.length; i++) add(commits.length + i, reads[i]!.counter);
  return { counters: counters.subarray(0, updates * COUNTER_BYTES), owners: owners.subarray(0, updates * 2) };
}

/** The log of a device or an address, the read that names it, and its cap. */
interface VisitLog {
  readonly log: string;
  readonly read: number;
  readonly cap: number;
}

/** The keys of what reads need, in the order in which `decodeTurn` takes their values: decisions, cards, rings, logs. */
export function keysOf(reads: readonly StateRead[]): {
  decisions: string[];
  cards: string[];
  rings: string[];
  logs: VisitLog[];
} {
  const decisions: string[] = [];
  const cards: string[] = [];
  const rings: string[] = [];
  const logs: VisitLog[] = [];
  for (let i = 0; i < reads.length; i++) {
    const read = reads[i]!;
    decisions.push(key('t', read.transactionId));
    cards.push(key('c', read.cardId));
    rings.push(key('m', read.merchantId));
    if (read.terminalId !== null) rings.push(key('p', read.terminalId));
    if (read.deviceId !== null) logs.push({ log: key('d', read.deviceId), read: i, cap: DEVICE_LOG_CAP });
    if (read.ipHash !== null) logs.push({ log: key('i', read.ipHash), read: i, cap: IP_LOG_CAP });
  }
  return { decisions, cards, rings, logs };
}

/** @throws {FeatureStoreUnavailable} where the replies are not those of this turn */
export function decodeTurn(
  reads: readonly StateRead[],
  commits: number,
  flags: unknown,
  state: unknown,
): Exchanged {
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

/** Which reads of a turn left their event in a log, by what its script answered. */
export function appendedBy(flags: unknown, reads: number): readonly boolean[] {
  if (!Buffer.isBuffer(flags) || flags.length < reads) throw unexpected();
  return Array.from(flags.subarray(flags.length - reads), (flag) => flag === DONE);
}

/** A log before an event: what others appended behind it since then, and the event itself, do not count. */
function before(log: Buffer, event: Buffer, eventBytes: number): { prefix: Buffer; found: boolean } {
  const own = lastIndexOf(log, event, eventBytes);
  return own === -1 ? { prefix: log, found: false } : { prefix: log.subarray(0, own), found: true };
}

export function bytes(reply: unknown): Buffer | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply;
  throw unexpected();
}

export function unexpected(): FeatureStoreUnavailable {
  return new FeatureStoreUnavailable('Redis answered with something else than asked for');
}
