import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CliOutcome, findings, runCli } from '../support/cli.js';
import { openTo } from '../support/kafka.js';
import { type ProductProcess, startConsumer } from '../support/product-process.js';
import { emptyDatabase } from '../support/redis-database.js';

/** Topics of one test. */
function topicsEnv(): Record<string, string> {
  const id = randomUUID().slice(0, 8);
  return {
    KAFKA_BROKERS: inject('kafkaBrokers'),
    KAFKA_GROUP_ID: `group-${id}`,
    TRANSACTIONS_TOPIC: `transactions-${id}`,
    DECISIONS_TOPIC: `decisions-${id}`,
    DEAD_LETTER_TOPIC: `dlq-${id}`,
    LABELS_TOPIC: `labels-${id}`,
    BYPASSED_TOPIC: `bypassed-${id}`,
    KAFKA_LABELS_GROUP_ID: `labels-${id}`,
  };
}

describe('npm run topics', () => {
  const env = topicsEnv();
  const rows = ({ output }: CliOutcome): string[][] =>
    output
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/\s{2,}/));
  const names = [
    'TRANSACTIONS_TOPIC',
    'DECISIONS_TOPIC',
    'DEAD_LETTER_TOPIC',
    'LABELS_TOPIC',
    'BYPASSED_TOPIC',
  ].map((name) => env[name]);

  it('shows what it would do, and does nothing', async () => {
    const dry = await runCli(['topics', '--dry-run'], env);
    expect(dry.code).toBe(0);
    expect(rows(dry)).toEqual(names.map((name) => [name, '6', '1', '7d', 'would be created']));
    const admin = openTo(env['KAFKA_BROKERS']!).admin();
    await admin.connect();
    expect((await admin.listTopics()).filter((name) => names.includes(name))).toEqual([]);
    await admin.disconnect();
  });

  it('creates them once, and refuses to add partitions', async () => {
    const created = await runCli(['topics', '--partitions', '2', '--retention', '36h'], env);
    expect(created.code).toBe(0);
    expect(rows(created)).toEqual(names.map((name) => [name, '2', '1', '36h', 'created']));
    const refused = await runCli(['topics', '--partitions', '4'], env);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/has 2 partitions.*Nothing was changed/);
    const again = await runCli(['topics'], env);
    expect(again.code).toBe(0);
    expect(rows(again)).toEqual(names.map((name) => [name, '2', '1', '36h', 'exists']));
  });

  it('says what to do without brokers', async () => {
    for (const brokers of ['', '127.0.0.1:1']) {
      const { code, output } = await runCli(['topics'], { ...env, KAFKA_BROKERS: brokers });
      expect(code).toBe(1);
      expect(output).toContain('scripts/services start kafka redis');
      expect(output).not.toMatch(/^ +at /m);
    }
  });
});

describe('through the Kafka consumer', () => {
  let directory: string;
  let traffic: string;
  let consumer: ProductProcess | undefined;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fraud-cli-kafka-'));
    traffic = path.join(directory, 'traffic.ndjson');
    const made = await runCli(
      ['simulate', '--to', 'file', '--out', traffic, '--cards', '150', '--days', '20'],
      {},
    );
    if (made.code !== 0) throw new Error(made.output);
    // Refused ones, of which one has no id that could be found again.
    await appendFile(traffic, '{"amount":"x"}\n{"card_id":"4111111111111111","transaction_id":"z"}\n');
  });
  afterEach(async () => {
    await consumer?.stop();
    consumer = undefined;
  });
  afterAll(() => rm(directory, { recursive: true }));

  const start = async (env: Record<string, string>, partitions: number): Promise<void> => {
    const created = await runCli(['topics', '--partitions', String(partitions)], env);
    if (created.code !== 0) throw new Error(created.output);
    const redisUrl = await emptyDatabase(inject('redisUrl'), 9);
    consumer = await startConsumer({ ...env, REDIS_URL: redisUrl });
  };

  it('replays with the same findings as in process, refusals and all', async () => {
    const env = topicsEnv();
    await start(env, 1);
    const [here, there] = [
      await runCli(['replay', traffic, '--labels']),
      await runCli(['replay', traffic, '--labels', '--to', 'kafka', '--under-way', '1000'], env),
    ];
    expect(there.code).toBe(0);
    expect(findings(there.output)).toBe(findings(here.output));
    expect(there.output).toMatch(/invalid_transaction +1\ncard_number_refused +1\n/);
    expect(there.output).toMatch(/Delay.*\n.*p99/);

    const again = await runCli(['replay', traffic, '--labels', '--to', 'kafka'], env);
    expect(findings(again.output)).toBe(findings(here.output));
    expect(again.output).toMatch(/stored decisions/);
  });

  it('simulates at a constant rate, reports delay and fraud, and leaves no group behind', async () => {
    const env = topicsEnv();
    await start(env, 3);
    const simulation = ['simulate', '--to', 'kafka', '--tps', '300', '--duration', '3s'];
    const { code, output } = await runCli(simulation, env);
    expect(code).toBe(0);
    expect(output).toMatch(/Decided 900 in/);
    expect(output).toMatch(/missed/);
    expect(output).toMatch(/Delay.*\n.*p99/);
    expect(output).not.toMatch(/NaN|undefined|Errors|stored decisions/);
    const admin = openTo(env['KAFKA_BROKERS']!).admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.filter(({ groupId }) => groupId.includes('-tool-'))).toEqual([]);
  });

  it('counts what nobody decides, and says what is missing', async () => {
    const env = topicsEnv();
    const simulation = ['simulate', '--to', 'kafka', '--tps', '50', '--duration', '1s', '--wait', '1s'];
    const early = await runCli(simulation, env);
    expect(early.code).toBe(1);
    expect(early.output).toMatch(/no topics.*npm run topics/);
    await runCli(['topics', '--partitions', '1'], env);
    const { code, output } = await runCli(simulation, env);
    expect(code).toBe(1);
    expect(output).toMatch(/undecided +50\n/);
    expect(output).toContain('npm run start:consumer');
    const replay = await runCli(
      ['replay', traffic, '--to', 'kafka', '--under-way', '64', '--wait', '1s'],
      env,
    );
    expect(replay.code).toBe(1);
    expect(replay.output).toMatch(/undecided +64\n/);
  });
});
