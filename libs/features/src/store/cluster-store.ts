import { randomUUID } from 'node:crypto';
import type { Cluster, RedisPool } from '@fraud/platform';
import { EVENT_ID_BYTES } from '../state/card-event.js';
import { all, isRefused, run, together } from './cluster/commands.js';
import { encodeChanges, RingChanges, type RingChange } from './cluster/ring-changes.js';
import { CARD_SCRIPT, LABEL_SCRIPT, MARK_SCRIPT, RING_SCRIPT, VISIT_SCRIPT } from './cluster/scripts.js';
import { StoredHere } from './cluster/stored-here.js';
import { carriedOut } from './redis-store.js';
import { bytes, decodeTurn, key, keysOf, PROBE, PROBE_TTL_S, unexpected } from './redis-turn.js';
import type { DecisionCommit, Exchanged, FeatureStore, LabelUpdate, StateRead } from './store.js';

const CLOSE_TIMEOUT_MS = 500;
const APPENDED = '1'.charCodeAt(0);

/**
 * Histories in a Redis Cluster. What a transaction touches lies in several slots, so a turn takes two trips: it
 * stores decisions and asks for those of its rows; then it changes rings and logs, and reads them. The rest of the
 * contract is that of one Redis. See docs/adr/0014.
 */
export class ClusterFeatureStore implements FeatureStore {
  readonly kind = 'redis';
  private readonly changes: RingChanges;
  private readonly storedHere: StoredHere;

  /**
   * @param pool clients from `openCluster`, owned by this store from now on
   * @param decisionTtlS how long a decision stays stored
   * @param lost told how many changes of rings will never be made, because nobody knows whether they were
   */
  constructor(
    private readonly pool: RedisPool<Cluster>,
    private readonly decisionTtlS: number,
    lost: (changes: number) => void = () => undefined,
  ) {
    const changes = new RingChanges(lost);
    this.changes = changes;
    this.storedHere = new StoredHere((id, counter) => {
      const { timeMs, amount } = counter;
      changes.add(counter, { id, timeMs, amount, transactions: 1, frauds: 0 });
    });
  }

  async exchange(
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
    timeoutMs: number,
  ): Promise<Exchanged> {
    if (reads.length + commits.length === 0) return { states: [], stored: [] };
    const until = performance.now() + timeoutMs;
    return await carriedOut(
      this.pool.use(timeoutMs, async ({ client }) => {
        const { stored, decided } = await this.storeAndLook(client, reads, commits);
        // Nobody waits any more: a later turn makes the changes, and a retry appends.
        if (performance.now() > until) throw new Error('the turn was given up');
        const { appended, values } = await this.changeAndRead(client, reads, decided);
        const flags = Buffer.from([...stored, ...appended].map((done) => (done ? '1' : '0')).join(''));
        const states = decodeTurn(reads, commits.length, flags, [...decided, ...values]);
        return { states: states.states, stored };
      }),
    );
  }

  async decisions(transactionIds: readonly string[], timeoutMs: number): Promise<readonly (Buffer | null)[]> {
    return await carriedOut(
      this.pool.use(timeoutMs, ({ client }) =>
        together(client, () => all(transactionIds.map((id) => client.getBuffer(key('t', id))))),
      ),
    );
  }

  async label(update: LabelUpdate, timeoutMs: number): Promise<boolean> {
    const { transactionId, eventHash, cardId, timeMs, fraud } = update;
    const known = fraud ? '1' : '0';
    return await carriedOut(
      this.pool.use(timeoutMs, async ({ client }) => {
        if ((await run(client, LABEL_SCRIPT, [key('l', transactionId)], known)) !== 1) return false;
        const change = {
          id: randomUUID(),
          timeMs,
          amount: 0,
          transactions: 0,
          frauds: fraud ? 1 : -1,
        } as const;
        this.changes.add(update, change);
        const hash = eventHash.subarray(0, EVENT_ID_BYTES);
        const rings = [...this.changeRings(client).values()];
        await all([run(client, MARK_SCRIPT, [key('c', cardId)], known, hash), ...rings]);
        return true;
      }),
    );
  }

  /** True when all primaries answer, and one of them takes a write. */
  async ping(timeoutMs: number): Promise<boolean> {
    try {
      const answers = await this.pool.use(timeoutMs, async ({ client }) => {
        if (client.status !== 'ready') return [];
        const probe = client.set(PROBE, '1', 'EX', PROBE_TTL_S);
        return await all([...client.nodes('master').map((node) => node.ping()), probe]);
      });
      return answers.length > 0 && answers.every((answer) => answer === 'PONG' || answer === 'OK');
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    const last = this.pool.use(CLOSE_TIMEOUT_MS, async ({ client }) => {
      await all([...this.changeRings(client).values()]);
    });
    // What cannot be made now is lost: it is not kept anywhere else.
    await last.catch(() => undefined);
    this.pool.disconnect();
  }

  /** The first trip. */
  private async storeAndLook(
    cluster: Cluster,
    reads: readonly StateRead[],
    commits: readonly DecisionCommit[],
  ): Promise<{ stored: boolean[]; decided: (Buffer | null)[] }> {
    const [storing, looking] = together(cluster, () => [
      commits.map((commit) => this.store(cluster, commit)),
      reads.map(({ transactionId }) => cluster.getBuffer(key('t', transactionId))),
    ]);
    await Promise.allSettled([...storing, ...looking]);
    return { stored: await Promise.all(storing), decided: await Promise.all(looking) };
  }

  private async store(cluster: Cluster, commit: DecisionCommit): Promise<boolean> {
    this.storedHere.sending(commit);
    const place = key('t', commit.transactionId);
    const reply: unknown = await cluster.callBuffer(
      'SET',
      place,
      commit.value,
      'EX',
      this.decisionTtlS,
      'NX',
      'GET',
    );
    return this.storedHere.answered(commit, bytes(reply));
  }

  /** The second trip. */
  private async changeAndRead(
    cluster: Cluster,
    reads: readonly StateRead[],
    decided: readonly (Buffer | null)[],
  ): Promise<{ appended: boolean[]; values: (Buffer | null)[] }> {
    const { cards, rings, logs } = keysOf(reads);
    // A transaction that is decided leaves no second trace: it is a repeat, or a conflict.
    const isNew = (read: number): boolean => decided[read] === null;
    const appended = reads.map(() => false);
    const [changed, reading] = together(cluster, () => {
      const changing = this.changeRings(cluster);
      const state = new Map<string, Promise<Buffer | null>>();
      for (const [card, rows] of grouped(cards.map((one, read) => [one, read]))) {
        state.set(card, appendToCard(cluster, card, reads, rows.filter(isNew), appended));
      }
      for (const ring of rings) {
        if (!state.has(ring)) state.set(ring, changing.get(ring) ?? cluster.getBuffer(ring));
      }
      for (const [log, rows] of grouped(logs.map((one) => [one.log, one]))) {
        const visits = rows.filter(({ read }) => isNew(read)).map(({ read }) => reads[read]!.visit);
        state.set(log, appendVisits(cluster, log, rows[0]!.cap, visits));
      }
      return [changing, state] as const;
    });
    await Promise.allSettled([...changed.values(), ...reading.values()]);
    const keys = [...cards, ...rings, ...logs.map(({ log }) => log)];
    return { appended, values: await Promise.all(keys.map((one) => reading.get(one)!)) };
  }

  /** Makes the changes that are owed, ring by ring. What fails is owed again. */
  private changeRings(cluster: Cluster): ReadonlyMap<string, Promise<Buffer | null>> {
    const sent = new Map<string, Promise<Buffer | null>>();
    for (const [ring, changes] of this.changes.take())
      sent.set(ring, this.changeRing(cluster, ring, changes));
    return sent;
  }

  private async changeRing(
    cluster: Cluster,
    ring: string,
    changes: readonly RingChange[],
  ): Promise<Buffer | null> {
    const { keys, bytes: encoded } = encodeChanges(ring, changes);
    try {
      return bytes(await run(cluster, RING_SCRIPT, keys, encoded));
    } catch (cause) {
      this.changes.putBack(changes, isRefused(cause));
      throw cause;
    }
  }
}

async function appendToCard(
  cluster: Cluster,
  card: string,
  reads: readonly StateRead[],
  rows: readonly number[],
  appended: boolean[],
): Promise<Buffer | null> {
  if (rows.length === 0) return await cluster.getBuffer(card);
  const events = Buffer.concat(rows.map((row) => reads[row]!.cardEvent));
  const reply = await run(cluster, CARD_SCRIPT, [card], events);
  const [flags, log] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (!Buffer.isBuffer(flags) || flags.length !== rows.length) throw unexpected();
  for (let i = 0; i < rows.length; i++) appended[rows[i]!] = flags[i] === APPENDED;
  return bytes(log);
}

async function appendVisits(
  cluster: Cluster,
  log: string,
  cap: number,
  visits: readonly Buffer[],
): Promise<Buffer | null> {
  if (visits.length === 0) return await cluster.getBuffer(log);
  return bytes(await run(cluster, VISIT_SCRIPT, [log], cap, Buffer.concat(visits)));
}

/** Values by key, in their order. */
function grouped<V>(entries: readonly (readonly [string, V])[]): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const [name, value] of entries) {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return groups;
}
