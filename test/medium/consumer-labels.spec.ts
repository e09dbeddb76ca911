import { randomUUID } from 'node:crypto';
import { loadConsumerConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { register } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createApp } from '../../apps/consumer/src/create-app.js';
import { undescribed } from '../support/asyncapi.js';
import { KafkaBench } from '../support/kafka.js';
import { MemoryLabelRecords } from '../support/memory-label-records.js';
import { aTransaction, sample } from '../support/transactions.js';
import { until } from '../support/until.js';

const aLabel = (transaction_id: string = randomUUID()) => ({
  transaction_id,
  label: 'fraud',
  source: 'chargeback',
  labelled_at: '2026-02-11T09:00:00+01:00',
});
const message = (label: object) => ({ key: null, value: JSON.stringify(label) });

let bench: KafkaBench;
let app: NestFastifyApplication | undefined;
beforeAll(async () => {
  bench = await KafkaBench.open(inject('kafkaBrokers'), 2);
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});
afterAll(() => bench.close());

/** The consumer in this process, on records in memory. @returns where its HTTP server is */
async function start(records: MemoryLabelRecords, more: Record<string, string> = {}): Promise<string> {
  register.clear();
  const config = loadConsumerConfig({
    ...bench.env,
    FEATURE_STORE: 'memory',
    LOG_LEVEL: 'error',
    ...more,
  });
  app = await createApp(await Engine.open(config), config, records);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

const idsIn = (records: MemoryLabelRecords): string[] =>
  records.writes.flatMap((lines) =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { transaction_id: string }).transaction_id),
  );

describe('the topic of labels', () => {
  it('is kept label by label, and what is not a label goes to the dead letters as it came, with the code', async () => {
    const records = new MemoryLabelRecords();
    const labels = Array.from({ length: 300 }, () => aLabel());
    const bad = [
      { key: 'k1', value: 'not json' },
      { key: 'k2', value: null },
      { key: 'k3', value: JSON.stringify({ ...aLabel(), label: 'sécret' }), headers: { mine: 'kept' } },
      { key: 'k4', value: JSON.stringify({ labels: [aLabel()] }) },
    ];
    await bench.produce([...bad, ...labels.map(message)], bench.labels);
    const url = await start(records);
    await until(async () => (await bench.labelLag()) === 0);
    // At least once: where a commit failed, a slice is kept again.
    expect(new Set(idsIn(records))).toEqual(new Set(labels.map((l) => l.transaction_id)));
    const dead = await bench.read(bench.deadLetters);
    const codes = new Map(dead.map((m) => [String(m.key), String(m.headers?.['fraud-error-code'])]));
    expect(Object.fromEntries(codes)).toEqual({
      k1: 'malformed_json',
      k2: 'empty_message',
      k3: 'invalid_label',
      k4: 'invalid_label',
    });
    expect(undescribed('DeadLetter', dead)).toEqual([]);
    const kept = (await bench.read(bench.labels)).filter(({ key }) => key === null);
    expect(undescribed('Label', kept)).toEqual([]);
    const third = dead.find((m) => String(m.key) === 'k3');
    expect(String(third?.value)).toBe(bad[2]!.value);
    expect(String(third?.headers?.['mine'])).toBe('kept');
    expect(String(third?.headers?.['fraud-source-topic'])).toBe(bench.labels);
    expect(String(third?.headers?.['fraud-error-fields'])).toContain('"field":"label"');
    expect(String(third?.headers?.['fraud-error-fields'])).not.toContain('sécret');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(sample(metrics, 'fraud_labels_total{label="fraud",source="chargeback"}')).toBeGreaterThanOrEqual(
      300,
    );
    expect(sample(metrics, 'fraud_kafka_dead_letters_total{code="invalid_label"}')).toBeGreaterThanOrEqual(2);
  });

  it('waits while the spool is full: nothing is committed, nothing is a dead letter, nothing is lost', async () => {
    const records = new MemoryLabelRecords();
    records.full = true;
    const before = await bench.size(bench.deadLetters);
    const url = await start(records);
    const labels = Array.from({ length: 40 }, () => aLabel());
    await bench.produce(labels.map(message), bench.labels);
    const refused = async (): Promise<number> =>
      sample(
        await (await fetch(`${url}/metrics`)).text(),
        'fraud_errors_total{code="records_unavailable"}',
      ) ?? 0;
    await until(async () => (await refused()) > 0);
    expect(await bench.labelLag()).toBe(40);
    // Decisions go on meanwhile.
    const t = aTransaction();
    await bench.produce([{ key: t.card_id, value: JSON.stringify(t) }]);
    await until(async () => (await bench.lag()) === 0);
    records.full = false;
    await until(async () => (await bench.labelLag()) === 0);
    expect(new Set(idsIn(records))).toEqual(new Set(labels.map((l) => l.transaction_id)));
    expect(await bench.size(bench.deadLetters)).toBe(before);
  });

  it('is left to the next process by one that stops while the spool is full', async () => {
    const records = new MemoryLabelRecords();
    records.full = true;
    const url = await start(records);
    const label = aLabel();
    await bench.produce([message(label)], bench.labels);
    await until(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return (sample(metrics, 'fraud_errors_total{code="records_unavailable"}') ?? 0) > 0;
    });
    await app?.close();
    app = undefined;
    expect(await bench.labelLag()).toBe(1);
    const next = new MemoryLabelRecords();
    await start(next);
    await until(async () => (await bench.labelLag()) === 0);
    expect(idsIn(next)).toContain(label.transaction_id);
  });

  it('is not needed to be ready: decisions are made without it', async () => {
    const url = await start(new MemoryLabelRecords(), { LABELS_TOPIC: 'labels-that-are-not-there' });
    await until(async () => (await fetch(`${url}/ready`)).ok);
    await until(async () => {
      const ready = (await (await fetch(`${url}/ready`)).json()) as { checks: Record<string, object> };
      return /topic/i.test(JSON.stringify(ready.checks['kafka_labels']));
    });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
  });
});
