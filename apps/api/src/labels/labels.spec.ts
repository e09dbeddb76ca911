import { ERRORS } from '@fraud/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { LabelRoutes } from '../../../../test/support/label-routes.js';
import { MemoryLabelRecords } from '../../../../test/support/memory-label-records.js';
import { aTransaction } from '../../../../test/support/transactions.js';
import { until } from '../../../../test/support/until.js';

const label = {
  transaction_id: 'tx-1',
  label: 'fraud',
  source: 'chargeback',
  labelled_at: '2026-02-11T09:00:00+01:00',
};

const routes = new LabelRoutes();
afterEach(() => routes.close());

describe('POST /v1/labels', () => {
  it('keeps a label by one write before it answers, and features are told of it', async () => {
    const records = new MemoryLabelRecords();
    records.decide(aTransaction({ transaction_id: 'tx-1' }));
    const { post } = await routes.open(records);
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
    await until(() => routes.told.length === 1);
    expect(routes.told[0]).toMatchObject([{ transaction: { transaction_id: 'tx-1' } }, true]);
  });

  it('keeps a thousand by one write, and no more', async () => {
    const records = new MemoryLabelRecords();
    const { post } = await routes.open(records);
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
    const { post } = await routes.open(records);
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
    const { post } = await routes.open(new MemoryLabelRecords(), { FUTURE_SKEW_S: '60' });
    const at = (s: number) => ({ ...label, labelled_at: new Date(Date.now() + s * 1000).toISOString() });
    expect((await post(at(30))).statusCode).toBe(202);
    expect((await post(at(90))).json()).toMatchObject({ errors: [{ field: 'labelled_at', code: 'range' }] });
  });

  it('asks to come back where the spool takes nothing, or where records are switched off', async () => {
    const records = new MemoryLabelRecords();
    records.full = true;
    for (const some of [records, null]) {
      const { post } = await routes.open(some);
      const answer = await post(label);
      expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'records_unavailable' }]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      await routes.close();
    }
    expect(records.writes).toEqual([]);
  });
});

describe('GET /v1/labels', () => {
  it('shows the labels of a transaction as they came', async () => {
    const { post, get } = await routes.open(new MemoryLabelRecords());
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

  it('is for administrators, like the routes of quality, and is not there where there can be none', async () => {
    const urls = ['/v1/labels?transaction_id=tx-1', '/v1/quality', '/v1/quality/scores'];
    const closed = await routes.open(new MemoryLabelRecords(), { HOST: '0.0.0.0' });
    for (const url of urls) expect((await closed.get(url)).statusCode).toBe(404);
    await routes.close();
    const ADMIN_TOKEN = 'a-token-of-the-administrator';
    const guarded = await routes.open(new MemoryLabelRecords(), { ADMIN_TOKEN });
    for (const url of urls) {
      expect((await guarded.get(url)).statusCode).toBe(ERRORS.unauthorized.status);
      const answer = await guarded.get(url, { authorization: `Bearer ${ADMIN_TOKEN}` });
      expect(answer.statusCode).toBe(200);
    }
  });

  it('says 503 while the records are away, like the routes of quality', async () => {
    const records = new MemoryLabelRecords();
    records.away = true;
    for (const some of [records, null]) {
      const { get } = await routes.open(some);
      for (const url of ['/v1/labels?transaction_id=tx-1', '/v1/quality', '/v1/quality/scores'])
        expect((await get(url)).json()).toMatchObject({ status: 503, code: 'records_unavailable' });
      await routes.close();
    }
  });
});
