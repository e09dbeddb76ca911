import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Decision, Transaction } from '@fraud/contract';
import { KafkaBench, type ReadMessage } from '../support/kafka.js';
import { runToEnd, startConsumer, type ProductProcess } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { aTransaction, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const message = (t: Transaction) => ({ key: t.card_id, value: JSON.stringify(t) });
const decisionOf = ({ value }: ReadMessage): Decision => JSON.parse(String(value)) as Decision;

describe('the Kafka consumer', () => {
  let redisUrl: string;
  let bench: KafkaBench;
  let consumer: ProductProcess | undefined;

  beforeAll(async () => {
    redisUrl = await emptyDatabase(inject('redisUrl'), 2);
    bench = await KafkaBench.open(inject('kafkaBrokers'), 3);
  });
  afterEach(async () => {
    await consumer?.stop();
    consumer = undefined;
  });
  afterAll(() => bench.close());

  const start = async (more: Record<string, string> = {}): Promise<ProductProcess> =>
    (consumer = await startConsumer({ ...bench.env, REDIS_URL: redisUrl, ...more }));

  it('decides every transaction, keyed by card, and moves on behind what cannot be read', async () => {
    const transactions = Array.from({ length: 50 }, (_, i) => aTransaction({ card_id: `card-${i % 7}` }));
    const bad = [
      { key: 'k1', value: 'not json', headers: { mine: 'kept' } },
      { key: null, value: null },
      { key: 'k3', value: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
      { key: 'k4', value: JSON.stringify({ ...aTransaction(), amount: 'many' }) },
      { key: 'k5', value: JSON.stringify({ ...aTransaction(), card_id: '4111111111111111' }) },
      { key: 'k6', value: '{"__proto__":{"x":1}}' },
    ];
    await bench.produce([...bad, ...transactions.map(message), ...bad.slice(0, 1)]);
    await start();
    await until(async () => (await bench.lag()) === 0);

    const decisions = await bench.read(bench.decisions);
    // At least once: where a commit failed, a slice is published again.
    expect(new Set(decisions.map((m) => decisionOf(m).transaction_id))).toEqual(
      new Set(transactions.map((t) => t.transaction_id)),
    );
    const cardOf = new Map(transactions.map((t) => [t.transaction_id, t.card_id]));
    for (const m of decisions) {
      expect(String(m.key)).toBe(cardOf.get(decisionOf(m).transaction_id));
      expect(decisionOf(m).degraded).toEqual([]);
    }
    const dead = await bench.read(bench.deadLetters);
    const places = dead.map((m) =>
      ['fraud-source-partition', 'fraud-source-offset'].map((name) => String(m.headers?.[name])).join('/'),
    );
    // From the topic, not from what was sent: a producer that got no answer sends again, and then each is there twice.
    const sent = new Set(transactions.map((t) => JSON.stringify(t)));
    const unreadable = (await bench.read(bench.transactions)).filter((m) => !sent.has(String(m.value)));
    expect(unreadable.length).toBeGreaterThan(bad.length);
    expect(new Set(places)).toEqual(new Set(unreadable.map((m) => `${m.partition}/${m.offset}`)));
    const code = (key: string | null): string | undefined =>
      dead
        .find((m) => (m.key === null ? null : String(m.key)) === key)
        ?.headers?.['fraud-error-code']?.toString();
    expect(code('k1')).toBe('malformed_json');
    expect(code(null)).toBe('empty_message');
    expect(code('k3')).toBe('malformed_json');
    expect(code('k4')).toBe('invalid_transaction');
    expect(code('k5')).toBe('card_number_refused');
    expect(code('k6')).toBe('malformed_json');
    // As it came, to the byte, with its own headers and its place.
    const third = dead.find((m) => String(m.key) === 'k3');
    expect(third?.value).toEqual(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
    const first = dead.find((m) => String(m.key) === 'k1');
    expect(String(first?.headers?.['mine'])).toBe('kept');
    expect(String(first?.headers?.['fraud-source-topic'])).toBe(bench.transactions);
    expect(Number(first?.headers?.['fraud-source-offset'])).toBeGreaterThanOrEqual(0);
    const fields = String(dead.find((m) => String(m.key) === 'k4')?.headers?.['fraud-error-fields']);
    expect(fields).toContain('"field":"amount"');
    expect(fields).not.toContain('many');
  });

  it('answers a message seen twice with the same bytes, and counts it once', async () => {
    const t = aTransaction({ card_id: 'card-twice', merchant_id: 'merchant-twice' });
    const before = await bench.size(bench.decisions);
    await bench.produce([message(t), message(t)]);
    await start();
    await until(async () => (await bench.lag()) === 0);
    await consumer?.stop();
    // And a third time, in another process, later.
    await bench.produce([message(t)]);
    await start();
    await until(async () => (await bench.lag()) === 0);
    const after = aTransaction({ card_id: 'card-twice', merchant_id: 'merchant-twice' });
    await bench.produce([message(after)]);
    await until(async () => (await bench.size(bench.decisions)) === before + 4);

    const decisions = await bench.read(bench.decisions);
    const same = decisions.filter((m) => decisionOf(m).transaction_id === t.transaction_id);
    expect(same).toHaveLength(3);
    expect(new Set(same.map((m) => String(m.value))).size).toBe(1);
    const metrics = await (await fetch(`${consumer?.url}/metrics`)).text();
    expect(sample(metrics, 'fraud_kafka_messages_total{result="replayed"}')).toBe(1);
    expect(sample(metrics, 'fraud_kafka_messages_total{result="decided"}')).toBe(1);
  });

  it('sends the same id with other content to the dead letters', async () => {
    const t = aTransaction();
    const before = await bench.size(bench.deadLetters);
    await bench.produce([message(t), message({ ...t, amount: t.amount + 1 })]);
    await start();
    await until(async () => (await bench.lag()) === 0);
    expect(await bench.size(bench.deadLetters)).toBe(before + 1);
    const dead = await bench.read(bench.deadLetters);
    const conflict = dead.find((m) => String(m.value).includes(t.transaction_id));
    expect(String(conflict?.headers?.['fraud-error-code'])).toBe('transaction_conflict');
  });

  it('is alive and ready, names its partitions, and shows what it did and how far it is behind', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'healthy' });
    await until(async () => (await fetch(`${url}/ready`)).status === 200);
    const ready = (await (await fetch(`${url}/ready`)).json()) as { checks: Record<string, unknown> };
    expect(ready.checks['kafka']).toMatchObject({ status: 'up', partitions: 3 });
    await bench.produce([message(aTransaction())]);
    await until(async () => (await bench.lag()) === 0);
    let metrics = '';
    await until(async () => {
      metrics = await (await fetch(`${url}/metrics`)).text();
      return metrics.includes('fraud_kafka_consumer_lag{');
    });
    expect(sample(metrics, `fraud_kafka_consumer_lag{topic="${bench.transactions}",partition="0"}`)).toBe(0);
    expect(sample(metrics, `fraud_kafka_assigned_partitions{topic="${bench.transactions}"}`)).toBe(3);
    expect(sample(metrics, 'fraud_kafka_rebalances_total')).toBeGreaterThanOrEqual(1);
    expect(sample(metrics, 'fraud_kafka_decision_delay_seconds_count')).toBe(1);
  });

  it('stops within five seconds in the middle of a backlog, and the next one loses and repeats nothing', async () => {
    const transactions = Array.from({ length: 20_000 }, (_, i) =>
      aTransaction({ card_id: `card-${i % 500}` }),
    );
    const before = await bench.size(bench.decisions);
    await bench.produce(transactions.map(message));
    const first = await start();
    await until(async () => (await bench.size(bench.decisions)) > before + 500, 5);
    const { code, ms } = await first.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
    expect(await bench.lag()).toBeGreaterThan(0);
    await start();
    await until(async () => (await bench.lag()) === 0);
    expect(await bench.size(bench.decisions)).toBe(before + transactions.length);
  });

  it('killed in the middle of a backlog: every transaction is decided, in the order of its card', async () => {
    const transactions = Array.from({ length: 20_000 }, (_, i) =>
      aTransaction({ card_id: `card-k${i % 300}` }),
    );
    const before = await bench.size(bench.decisions);
    await bench.produce(transactions.map(message));
    const first = await start();
    await until(async () => (await bench.size(bench.decisions)) > before + 2000, 5);
    await first.stop('SIGKILL');
    await start();
    await until(async () => (await bench.lag()) === 0);

    const ours = new Map(transactions.map((t, i) => [t.transaction_id, i]));
    const decided = (await bench.read(bench.decisions))
      .map((m) => ({
        card: String(m.key),
        place: ours.get(decisionOf(m).transaction_id),
        bytes: String(m.value),
      }))
      .filter((d) => d.place !== undefined);
    expect(new Set(decided.map((d) => d.place)).size).toBe(transactions.length);
    // What was published twice is the same to the byte.
    expect(new Set(decided.map((d) => d.bytes)).size).toBe(transactions.length);
    // First occurrences keep the order of the card.
    const seen = new Set<number>();
    const last = new Map<string, number>();
    for (const { card, place } of decided) {
      if (seen.has(place!)) continue;
      seen.add(place!);
      expect(place!).toBeGreaterThan(last.get(card) ?? -1);
      last.set(card, place!);
    }
  });
});

describe('the Kafka consumer does not start', () => {
  const kafka = { KAFKA_BROKERS: '127.0.0.1:1' };

  it('without a Redis, since the members of a group share histories', async () => {
    const { code, output } = await runToEnd('consumer', kafka);
    expect(code).toBe(1);
    expect(output).toContain('REDIS_URL is not set');
    expect(output).toContain('FEATURE_STORE=memory');
  });

  it('without brokers', async () => {
    const { code, output } = await runToEnd('consumer', { FEATURE_STORE: 'memory' });
    expect(code).toBe(1);
    expect(output).toContain('KAFKA_BROKERS is not set');
  });

  it('with something else than brokers', async () => {
    const { code, output } = await runToEnd('consumer', { KAFKA_BROKERS: 'kafka', FEATURE_STORE: 'memory' });
    expect(code).toBe(1);
    expect(output).toContain('KAFKA_BROKERS is "kafka": expected host:port');
  });
});

describe('a dead-letter topic that takes only small messages', () => {
  it('gets a large one without its value, and the partition moves on', async () => {
    const bench = await KafkaBench.open(inject('kafkaBrokers'), 1, 1, { deadLetters: 2000 });
    const good = [aTransaction(), aTransaction()];
    const large = 'x'.repeat(5000);
    await bench.produce([
      message(good[0]!),
      { key: 'large', value: large },
      { key: 'small', value: 'y' },
      message(good[1]!),
    ]);
    const consumer = await startConsumer({ ...bench.env, FEATURE_STORE: 'memory' });
    await until(async () => (await bench.lag()) === 0);
    await consumer.stop();
    const dead = await bench.read(bench.deadLetters);
    const letter = dead.findLast((m) => String(m.key) === 'large');
    expect(letter?.value).toBeNull();
    expect(String(letter?.headers?.['fraud-value-omitted'])).toBe('5000');
    expect(String(letter?.headers?.['fraud-source-offset'])).toBe('1');
    expect(dead.find((m) => String(m.key) === 'small')?.value).toEqual(Buffer.from('y'));
    expect(new Set((await bench.read(bench.decisions)).map((m) => decisionOf(m).transaction_id))).toEqual(
      new Set(good.map((t) => t.transaction_id)),
    );
    await bench.close();
  });
});

describe('brokers that are not there', () => {
  it('keep it alive but not ready, and it says why', async () => {
    const consumer = await startConsumer({ KAFKA_BROKERS: '127.0.0.1:1', FEATURE_STORE: 'memory' });
    expect((await fetch(`${consumer.url}/health`)).status).toBe(200);
    const response = await fetch(`${consumer.url}/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { kafka: { status: 'down' } } });
    expect((await consumer.stop()).code).toBe(0);
  });
});
