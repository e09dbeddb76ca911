import { setTimeout as sleep } from 'node:timers/promises';
import type { Decision, Transaction } from '@fraud/contract';
import { CARD_EVENT_BYTES, copyRing } from '@fraud/features';
import type pg from 'pg';
import type { KafkaBench, ReadMessage } from './kafka.js';
import { withRedis } from './histories.js';

const CARDS = 400;
const MERCHANTS = 50;
const EVERY_MS = 100;
/** Where the slot of a day has its count: see `addToRing`. */
const SLOT = { hours: 24, days: 38, bytes: 20, count: 4 };
const OCCURRED_AT = '2026-01-05T13:37:00Z';

/** What became of everything that was produced. */
export interface Account {
  readonly produced: number;
  /** Distinct transactions with a decision. */
  readonly decided: number;
  /** Distinct messages that were put aside. */
  readonly dead: number;
  /** Decisions that were published more than once. */
  readonly doubles: number;
  /** Transactions that were published with differing bytes: somebody was told two things. */
  readonly differing: number;
  /** Transactions of which the first decision came before that of an earlier one of its card. */
  readonly outOfOrder: number;
  readonly degraded: number;
}

/** What of it the histories know. */
export interface Counted {
  /** Events in the logs of cards, beyond or (below 0) short of those that were produced. */
  readonly cardEvents: number;
  /** Cards that have more events than transactions. */
  readonly cardsOver: number;
  /** Transactions that the merchants' counters lack. */
  readonly merchantsShort: number;
  /** Merchants that count more than there was. */
  readonly merchantsOver: number;
}

/**
 * A book of what goes into the topic of transactions: numbered and keyed by card, at a constant rate, with a message in
 * every partition that nobody can read. It is compared with what comes out.
 */
export class Ledger {
  private readonly produced: Transaction[] = [];
  private poison = 0;

  constructor(
    private readonly bench: KafkaBench,
    private readonly partitions: number,
  ) {}

  get size(): number {
    return this.produced.length;
  }

  /** Produces so many; resolves when all are acknowledged. Of each card in the order of the numbers. */
  async produce(count: number, perSecond: number): Promise<void> {
    await this.poisonAll();
    const name = `${this.bench.transactions}-`;
    const startedAt = performance.now();
    for (let sent = 0; sent < count;) {
      const due = Math.min(count, Math.ceil(((performance.now() - startedAt) / 1000) * perSecond));
      const slice = Array.from({ length: Math.min(1000, due - sent) }, (_, i) =>
        aNumbered(name, this.size + i),
      );
      if (slice.length > 0) {
        await this.bench.produce(slice.map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
        this.produced.push(...slice);
        sent += slice.length;
      }
      await sleep(EVERY_MS);
    }
  }

  /** Compares with the topics. */
  async account(): Promise<Account> {
    const decisions = await this.bench.read(this.bench.decisions);
    const dead = await this.bench.read(this.bench.deadLetters);
    const texts = new Map<string, Set<string>>();
    const next = new Map<string, number>();
    let outOfOrder = 0;
    let degraded = 0;
    const numbers = new Map(this.produced.map((t, number) => [t.transaction_id, number]));
    for (const { value } of decisions.toSorted(byPlace)) {
      const text = String(value);
      const decision = JSON.parse(text) as Decision;
      const { transaction_id: id } = decision;
      const before = texts.get(id);
      if (before !== undefined) {
        before.add(text);
        continue;
      }
      texts.set(id, new Set([text]));
      if (decision.degraded.length > 0) degraded += 1;
      const number = numbers.get(id)!;
      const card = this.produced[number]!.card_id;
      if (number < (next.get(card) ?? 0)) outOfOrder += 1;
      next.set(card, Math.max(number, next.get(card) ?? 0));
    }
    const known = [...texts.keys()].filter((id) => numbers.has(id));
    return {
      produced: this.size + this.poison,
      decided: known.length,
      dead: new Set(dead.map(sourceOf)).size,
      doubles: decisions.length - texts.size,
      differing: [...texts.values()].filter((all) => all.size > 1).length,
      outOfOrder,
      degraded,
    };
  }

  /** Compares with the histories. */
  async counted(redisUrl: string): Promise<Counted> {
    return await withRedis(redisUrl, async (redis) => {
      const read = async (kind: string, id: string): Promise<Buffer | null> => {
        const [key] = await redis.keys(`fd*:${kind}:${id}`);
        return key === undefined ? null : await redis.getBuffer(key);
      };
      const cards = Map.groupBy(this.produced, (t) => t.card_id);
      const merchants = Map.groupBy(this.produced, (t) => t.merchant_id);
      let cardEvents = 0;
      let cardsOver = 0;
      for (const [id, all] of cards) {
        const events = ((await read('c', id))?.length ?? 0) / CARD_EVENT_BYTES;
        cardEvents += events - all.length;
        if (events > all.length) cardsOver += 1;
      }
      let merchantsShort = 0;
      let merchantsOver = 0;
      for (const [id, all] of merchants) {
        const count = countOf(copyRing(await read('m', id)));
        if (count > all.length) merchantsOver += 1;
        else merchantsShort += all.length - count;
      }
      return { cardEvents, cardsOver, merchantsShort, merchantsOver };
    });
  }

  /** Transactions that the records lack, or hold with another answer than the one that was published first. */
  async unrecorded(database: pg.Client): Promise<number> {
    const { rows } = await database.query<{ answer: string }>('select answer from decisions');
    const recorded = new Set(rows.map(({ answer }) => answer));
    const published = await this.bench.read(this.bench.decisions);
    return published.filter(({ value }) => !recorded.has(String(value))).length;
  }

  /** One message in every partition that nobody can read. */
  private async poisonAll(): Promise<void> {
    for (let partition = 0; partition < this.partitions; partition++) {
      await this.bench.produceTo(partition, { key: 'poison', value: '{"transaction_id":' });
      this.poison += 1;
    }
  }
}

function aNumbered(name: string, number: number): Transaction {
  return {
    transaction_id: `${name}${number}`,
    occurred_at: OCCURRED_AT,
    amount: 1000 + (number % 900),
    currency: 'EUR',
    card_id: `card-${(number * 7) % CARDS}`,
    merchant_id: `merchant-${number % MERCHANTS}`,
  };
}

/** Of the day of all these transactions. */
function countOf(ring: Buffer): number {
  const day = Math.floor(Date.parse(OCCURRED_AT) / 86_400_000);
  const at = (SLOT.hours + (day % SLOT.days)) * SLOT.bytes;
  return ring.readUInt32LE(at) === day ? ring.readUInt32LE(at + SLOT.count) : 0;
}

const byPlace = (a: ReadMessage, b: ReadMessage): number =>
  a.partition - b.partition || Number(a.offset) - Number(b.offset);

const sourceOf = ({ headers }: ReadMessage): string =>
  ['partition', 'offset'].map((part) => String(headers?.[`fraud-source-${part}`])).join(':');
