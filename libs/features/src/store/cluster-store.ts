import { randomUUID } from 'node:crypto';
import type { Cluster, RedisPool } from '@fraud/platform';
import { EVENT_ID_BYTES } from '../state/card-event.js';
import { all, run, together } from './cluster/commands.js';
import { appendToCard, appendVisits, grouped } from './cluster/logs.js';
import { Rings } from './cluster/rings.js';
import { LABEL_SCRIPT, MARK_SCRIPT } from './cluster/scripts.js';
import { StoredHere } from './cluster/stored-here.js';
import { carriedOut } from './redis-store.js';
import { bytes, decodeTurn, key, keysOf, keysToForget, PROBE, PROBE_TTL_S } from './redis-turn.js';
import type { DecisionCommit, Exchanged, FeatureStore, LabelUpdate, StateOfRow, StateRead } from './store.js';

const CLOSE_TIMEOUT_MS = 500;

/**
 * Histories in a Redis Cluster. What a transaction touches lies in several slots, so a turn takes two trips: it
 * stores decisions and asks for those of its rows; then it changes rings and logs, and reads them. The rest of the
 * contract is that of one Redis. See docs/adr/0014.
 */
export class ClusterFeatureStore implements FeatureStore {
  readonly kind = 'redis';
  private readonly rings: Rings;
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
    const rings = new Rings(lost);
    this.rings = rings;
    this.storedHere = new StoredHere((id, counter) => {
      rings.count(id, counter);
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
        await this.countAppended(client, reads, appended);
        const flags = Buffer.from([...stored, ...appended].map((done) => (done ? '1' : '0')).join(''));
        const states = decodeTurn(reads, commits.length, flags, [...decided, ...values]);
        return { states: states.states, stored };
      }),
    );
  }

  async look(reads: readonly StateRead[], timeoutMs: number): Promise<readonly StateOfRow[]> {
    const { decisions, cards, rings, logs } = keysOf(reads);
    const keys = [...decisions, ...cards, ...rings, ...logs.map(({ log }) => log)];
    return await carriedOut(
      this.pool.use(timeoutMs, async ({ client }) => {
        const state = await together(client, () => all(keys.map((one) => client.getBuffer(one))));
        return decodeTurn(reads, 0, Buffer.alloc(reads.length, '0'), state).states;
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
    const { transactionId, eventHash, cardId, fraud } = update;
    const known = fraud ? '1' : '0';
    return await carriedOut(
      this.pool.use(timeoutMs, async ({ client }) => {
        // The mark first: it is safe to repeat, and a label that is known is not looked at again.
        await run(client, MARK_SCRIPT, [key('c', cardId)], known, eventHash.subarray(0, EVENT_ID_BYTES));
        if ((await run(client, LABEL_SCRIPT, [key('l', transactionId)], known)) !== 1) return false;
        this.rings.know(randomUUID(), update);
        await all([...this.rings.change(client).values()]);
        return true;
      }),
    );
  }

  async forget(cardId: string, transactionIds: readonly string[], timeoutMs: number): Promise<void> {
    const keys = keysToForget(cardId, transactionIds);
    await carriedOut(
      this.pool.use(timeoutMs, ({ client }) =>
        together(client, () => all(keys.map((one) => client.unlink(one)))),
      ),
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
      await all([...this.rings.change(client).values()]);
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
      const changing = this.rings.change(cluster);
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

  /** What is counted with its append: a trip later, so after a crash in between it is not counted at all. */
  private async countAppended(
    cluster: Cluster,
    reads: readonly StateRead[],
    appended: readonly boolean[],
  ): Promise<void> {
    for (const [i, { transactionId, counter }] of reads.entries()) {
      if (appended[i] === true && counter) this.rings.count(`a:${transactionId}`, counter);
    }
    if (reads.some(({ counter }) => counter !== undefined))
      await all([...this.rings.change(cluster).values()]);
  }
}
