import { ERRORS } from '@fraud/contract';
import { loadConfig } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import { LabelRecordsModule, MetricsModule, ScoringMetrics, type LabelRecords } from '@fraud/service';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { register } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryLabelRecords } from '../../../../test/support/memory-label-records.js';
import { aTransaction } from '../../../../test/support/transactions.js';
import { until } from '../../../../test/support/until.js';
import { acceptJsonAlone } from '../requests/accept-json-alone.js';
import { ProblemFilter } from '../errors/problem.filter.js';
import { LabelsModule } from './labels.module.js';

const label = {
  transaction_id: 'tx-1',
  label: 'fraud',
  source: 'chargeback',
  labelled_at: '2026-02-11T09:00:00+01:00',
};

let app: NestFastifyApplication | undefined;
const told: unknown[] = [];
afterEach(async () => {
  await app?.close();
  told.length = 0;
});

/** The routes of labels as the application has them, without everything else. */
async function open(records: LabelRecords | null, env: Record<string, string> = {}) {
  const config = loadConfig(env);
  // The registry is one for the process.
  register.clear();
  const applyLabel = (...asked: unknown[]): Promise<boolean> => {
    told.push(asked);
    return Promise.resolve(true);
  };
  @Module({ providers: [{ provide: Engine, useValue: { applyLabel } }], exports: [Engine] })
  class EngineOfTest {}
  @Module({
    imports: [
      { module: EngineOfTest, global: true },
      MetricsModule.for('api', { LOG_LEVEL: 'error' }),
      LabelRecordsModule.with(records, config),
      LabelsModule.with(config),
    ],
  })
  class TestModule {}
  const adapter = new FastifyAdapter();
  acceptJsonAlone(adapter.getInstance());
  app = await NestFactory.create<NestFastifyApplication>(TestModule, adapter, {
    bodyParser: false,
    logger: false,
  });
  app.useGlobalFilters(new ProblemFilter(app.get(ScoringMetrics)));
  await app.init();
  const ask = app.inject.bind(app);
  return {
    post: (payload: unknown) => ask({ method: 'POST', url: '/v1/labels', payload: payload as object }),
    get: (url: string, headers = {}) => ask({ method: 'GET', url, headers }),
  };
}

describe('POST /v1/labels', () => {
  it('keeps a label by one write before it answers, and features are told of it', async () => {
    const records = new MemoryLabelRecords();
    records.decide(aTransaction({ transaction_id: 'tx-1' }));
    const { post } = await open(records);
    const answer = await post(label);
    expect([answer.statusCode, answer.json()]).toEqual([202, { accepted: 1 }]);
    expect(records.writes).toHaveLength(1);
    expect(records.writes[0]).toMatch(/^\{"kind":"label".*\}\n$/);
    expect(JSON.parse(records.writes[0]!)).toEqual({
      kind: 'label',
      transaction_id: 'tx-1',
      fraud: true,
      source: 'chargeback',
      labelled_at: label.labelled_at,
      received_at: expect.stringMatching(/Z$/),
    });
    await until(() => told.length === 1);
    expect(told[0]).toMatchObject([{ transaction: { transaction_id: 'tx-1' } }, true]);
  });

  it('keeps a thousand by one write, and no more', async () => {
    const records = new MemoryLabelRecords();
    const { post } = await open(records);
    const labels = Array.from({ length: 1000 }, (_, i) => ({ ...label, transaction_id: `tx-${i}` }));
    expect((await post({ labels })).json()).toEqual({ accepted: 1000 });
    expect(records.writes).toHaveLength(1);
    expect(records.writes[0]!.trimEnd().split('\n')).toHaveLength(1000);
    const more = await post({ labels: [...labels, label] });
    expect([more.statusCode, more.json()]).toMatchObject([
      400,
      { code: 'invalid_labels', errors: [{ field: 'labels', code: 'length' }] },
    ]);
    for (const body of [{ labels: [] }, { labels: 'many' }, { labels: null }])
      expect((await post(body)).json()).toMatchObject({ code: 'invalid_labels' });
  });

  it('takes all labels of a batch or none, and names every wrong field without its value', async () => {
    const records = new MemoryLabelRecords();
    const { post } = await open(records);
    const wrong = { ...label, label: 'sécret', source: 'rumour' };
    const batch = await post({ labels: [label, wrong, { ...label, labelled_at: '2026-02-11' }] });
    expect([batch.statusCode, batch.json()]).toMatchObject([
      400,
      {
        code: 'invalid_labels',
        errors: [
          { field: 'labels[1].label' },
          { field: 'labels[1].source' },
          { field: 'labels[2].labelled_at' },
        ],
      },
    ]);
    expect(batch.body).not.toMatch(/sécret|rumour/);
    const one = await post(wrong);
    expect([one.statusCode, one.json()]).toMatchObject([
      400,
      { code: 'invalid_label', errors: [{ field: 'label' }, { field: 'source' }] },
    ]);
    for (const body of ['[]', '7', 'null']) expect((await post(body)).statusCode).toBeGreaterThanOrEqual(400);
    expect(records.writes).toEqual([]);
  });

  it('refuses a label of the future, beyond the skew of clocks', async () => {
    const { post } = await open(new MemoryLabelRecords(), { FUTURE_SKEW_S: '60' });
    const at = (s: number) => ({ ...label, labelled_at: new Date(Date.now() + s * 1000).toISOString() });
    expect((await post(at(30))).statusCode).toBe(202);
    expect((await post(at(90))).json()).toMatchObject({ errors: [{ field: 'labelled_at', code: 'range' }] });
  });

  it('asks to come back where the spool takes nothing, or where records are switched off', async () => {
    const records = new MemoryLabelRecords();
    records.full = true;
    for (const some of [records, null]) {
      const { post } = await open(some);
      const answer = await post(label);
      expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'records_unavailable' }]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      await app?.close();
    }
    expect(records.writes).toEqual([]);
  });
});

describe('GET /v1/labels', () => {
  it('shows the labels of a transaction as they came', async () => {
    const { post, get } = await open(new MemoryLabelRecords());
    await post(label);
    expect((await get('/v1/labels?transaction_id=tx-1')).json()).toEqual({
      labels: [{ ...label, received_at: expect.stringMatching(/Z$/) }],
    });
    expect((await get('/v1/labels?transaction_id=tx-2')).json()).toEqual({ labels: [] });
    for (const url of [
      '/v1/labels',
      '/v1/labels?transaction_id=',
      '/v1/labels?transaction_id=a&transaction_id=',
    ])
      expect((await get(url)).json()).toMatchObject({ code: 'invalid_query' });
  });

  it('is for administrators, like /v1/quality, and is not there where there can be none', async () => {
    const urls = ['/v1/labels?transaction_id=tx-1', '/v1/quality'];
    const closed = await open(new MemoryLabelRecords(), { HOST: '0.0.0.0' });
    for (const url of urls) expect((await closed.get(url)).statusCode).toBe(404);
    await app?.close();
    const ADMIN_TOKEN = 'a-token-of-the-administrator';
    const guarded = await open(new MemoryLabelRecords(), { ADMIN_TOKEN });
    for (const url of urls) {
      expect((await guarded.get(url)).statusCode).toBe(ERRORS.unauthorized.status);
      const answer = await guarded.get(url, { authorization: `Bearer ${ADMIN_TOKEN}` });
      expect(answer.statusCode).toBe(200);
    }
  });

  it('says 503 while the records are away, like /v1/quality', async () => {
    const records = new MemoryLabelRecords();
    records.away = true;
    for (const some of [records, null]) {
      const { get } = await open(some);
      for (const url of ['/v1/labels?transaction_id=tx-1', '/v1/quality'])
        expect((await get(url)).json()).toMatchObject({ status: 503, code: 'records_unavailable' });
      await app?.close();
    }
  });
});

describe('GET /v1/quality', () => {
  it('reports whole weeks, and learns from those before how late labels come', async () => {
    const records = new MemoryLabelRecords();
    const { post, get } = await open(records);
    for (let i = 0; i < 40; i++) {
      const transaction_id = `old-${i}`;
      records.decide(aTransaction({ transaction_id, occurred_at: '2026-01-06T12:00:00Z' }), 'decline');
      await post({ ...label, transaction_id, labelled_at: '2026-01-07T13:00:00Z' });
    }
    records.decide(aTransaction({ transaction_id: 'asked', occurred_at: '2026-03-10T12:00:00Z' }), 'decline');
    const answer = await get('/v1/quality?from=2026-03-11&to=2026-03-12T00:00:00%2B01:00');
    expect(answer.json()).toMatchObject({
      from: '2026-03-09T00:00:00.000Z',
      to: '2026-03-16T00:00:00.000Z',
      horizon_days: 90,
      label_delay: { median_days: 2, p95_days: 2, settled_frauds: 40 },
      weeks: [{ week: '2026-03-09', decisions: 1, maturity: 1, mature: true, expected_frauds: 0 }],
      mature: { weeks: 1, alerts: { decline: { precision: 0, false_positive_rate: 1, recall: null } } },
    });
  });

  it.each([
    ['from=yesterday', 'from'],
    ['to=2026-13-01', 'to'],
    ['from=2026-02-01&to=2026-01-01', 'from'],
    ['from=2001-01-01', 'from'],
    ['horizon_days=3', 'horizon_days'],
    ['horizon_days=many', 'horizon_days'],
    ['to=2026-01-01&to=2026-01-02', 'to'],
  ])('names what is wrong in ?%s', async (query, field) => {
    const { get } = await open(new MemoryLabelRecords());
    const answer = await get(`/v1/quality?${query}`);
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_query', errors: [{ field }] });
  });
});
