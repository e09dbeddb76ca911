import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Decision, Transaction } from '@fraud/contract';
import { simulate } from '@fraud/traffic';
import { KafkaBench } from '../support/kafka.js';
import { startApi, startConsumer } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';
import { post } from '../support/transactions.js';
import { until } from '../support/until.js';

const COUNT = 10_000;

/** What must not depend on the door, nor on the moment. */
const essence = (text: string): unknown => {
  const { timings_us: _, decided_at: __, ...rest } = JSON.parse(text) as Decision;
  return rest;
};

describe('one engine behind both doors', () => {
  const transactions: Transaction[] = [];
  let bench: KafkaBench;

  beforeAll(async () => {
    for (const { transaction } of simulate({ seed: 11, cards: 300, days: 60, fraud: 0.03 })) {
      transactions.push(transaction);
      if (transactions.length === COUNT) break;
    }
    // Counters of merchants are exact in the order of the log, so there is one log.
    bench = await KafkaBench.open(inject('kafkaBrokers'), 1);
  });
  afterAll(() => bench.close());

  it('gives the same transactions, serially over HTTP and in batches over Kafka, equal decisions, scores and reasons', async () => {
    expect(transactions).toHaveLength(COUNT);
    // A pause of this machine must not make an answer degraded: that is not what is compared here.
    const patient = { REDIS_TIMEOUT_MS: '1000', LATENCY_BUDGET_MS: '10000' };
    const api = await startApi({ REDIS_URL: await emptyDatabase(inject('redisUrl'), 3), ...patient });
    const overHttp = new Map<string, unknown>();
    for (const t of transactions) {
      const text = await (await post(`${api.url}/v1/decisions`, t)).text();
      overHttp.set(t.transaction_id, essence(text));
    }
    await api.stop();

    await bench.produce(transactions.map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
    const consumer = await startConsumer({
      ...bench.env,
      REDIS_URL: await emptyDatabase(inject('redisUrl'), 4),
    });
    await until(async () => (await bench.lag()) === 0);
    await consumer.stop();
    const overKafka = new Map(
      (await bench.read(bench.decisions)).map((m) => {
        const answer = essence(String(m.value)) as Decision;
        return [answer.transaction_id, answer] as const;
      }),
    );

    expect(overKafka.size).toBe(COUNT);
    for (const [id, answer] of overHttp) expect(overKafka.get(id)).toEqual(answer);
    const answers = [...overKafka.values()];
    expect(answers.filter((a) => a.degraded.length > 0)).toEqual([]);
    expect(new Set(answers.map((a) => a.decision)).size).toBeGreaterThanOrEqual(3);
  });
});
