import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { KafkaBench } from '../support/kafka.js';
import { runToEnd, startConsumer } from '../support/product-process.js';
import { SASL_MECHANISMS, startSecuredKafka, type SecuredKafka } from '../support/secured-kafka.js';
import { aTransaction } from '../support/transactions.js';
import { until } from '../support/until.js';

describe('a Kafka with TLS', () => {
  let kafka: SecuredKafka;

  beforeAll(async () => {
    kafka = await startSecuredKafka();
  });
  afterAll(() => kafka.stop());

  it.each([
    ...SASL_MECHANISMS.map((name) => [`a password by ${name}`, { KAFKA_SASL_MECHANISM: name }] as const),
    ['a certificate', {}] as const,
  ])('and %s is read, decided and written', async (_, mechanism) => {
    const bench = await KafkaBench.open(kafka.brokers, 2);
    const access = 'KAFKA_SASL_MECHANISM' in mechanism ? kafka.byPassword : kafka.byCertificate;
    const consumer = await startConsumer({
      ...bench.env,
      ...access,
      ...mechanism,
      FEATURE_STORE: 'memory',
    });
    const transactions = Array.from({ length: 20 }, () => aTransaction());
    await bench.produce(transactions.map((t) => ({ key: t.card_id, value: JSON.stringify(t) })));
    await until(async () => (await bench.lag()) === 0);
    expect(await bench.size(bench.decisions)).toBe(20);
    expect((await consumer.stop()).code).toBe(0);
    expect(consumer.output()).not.toContain(kafka.byPassword['KAFKA_PASSWORD']);
    await bench.close();
  });

  it('and a password is not reached with a wrong one: /ready says why, tools say what to look at, nobody shows it', async () => {
    const bench = await KafkaBench.open(kafka.brokers, 1);
    const env = {
      ...bench.env,
      ...kafka.byPassword,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_PASSWORD: 'wrong-secret',
    };
    const consumer = await startConsumer({ ...env, FEATURE_STORE: 'memory' });
    const whyNot = async () => await (await fetch(`${consumer.url}/ready`)).text();
    await until(async () => /uthentication failed/.test(await whyNot()));
    const tool = await runCli(['topics'], env);
    expect(tool.code).toBe(1);
    expect(tool.output).toContain('refuses KAFKA_USERNAME and KAFKA_PASSWORD');
    expect((await consumer.stop()).code).toBe(0);
    expect(consumer.output() + tool.output).not.toContain('wrong-secret');
    await bench.close();
  });

  it('is not trusted without its authority', async () => {
    const bench = await KafkaBench.open(kafka.brokers, 1);
    const { KAFKA_TLS_CA_FILE: _, ...env } = kafka.byPassword;
    const consumer = await startConsumer({
      ...bench.env,
      ...env,
      KAFKA_SASL_MECHANISM: 'plain',
      FEATURE_STORE: 'memory',
    });
    await until(async () =>
      /self-signed certificate/.test(await (await fetch(`${consumer.url}/ready`)).text()),
    );
    expect((await consumer.stop()).code).toBe(0);
    await bench.close();
  });
});

it.each([
  [{ KAFKA_USERNAME: 'fraud' }, 'KAFKA_SASL_MECHANISM and KAFKA_PASSWORD are not set, but KAFKA_USERNAME'],
  [
    { KAFKA_TLS: 'true', KAFKA_TLS_CERT_FILE: 'c.pem' },
    'KAFKA_TLS_KEY_FILE is not set, but KAFKA_TLS_CERT_FILE',
  ],
  [{ KAFKA_TLS_CA_FILE: 'ca.pem' }, 'KAFKA_TLS_CA_FILE is set, but KAFKA_TLS is not "true"'],
  [
    { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: '/nowhere/ca.pem' },
    'KAFKA_TLS_CA_FILE is "/nowhere/ca.pem": it cannot be read',
  ],
])('settings of access that do not go together stop the start: %j', async (env, message) => {
  const { code, output } = await runToEnd('consumer', {
    KAFKA_BROKERS: '127.0.0.1:1',
    FEATURE_STORE: 'memory',
    ...env,
  });
  expect(code).toBe(1);
  expect(output).toContain(message);
});
