import type { Outcome } from '@fraud/contract';
import type { DecisionRecord, LabelRecord, RecordsQuery } from '@fraud/records';
import { describe, expect, it } from 'vitest';
import type { PastTransaction } from './past-traffic.js';
import { recordTraffic } from './record-traffic.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-06-01T00:00:00Z');

function record(id: number, daysAgo: number, decision: Outcome, score?: number): DecisionRecord {
  const at = new Date(NOW - daysAgo * DAY).toISOString();
  return {
    transaction: {
      transaction_id: `tx-${id}`,
      occurred_at: new Date(NOW - daysAgo * DAY - 60_000).toISOString(),
      amount: 100,
      currency: 'EUR',
      card_id: 'card-1',
      merchant_id: 'm',
    },
    decision: { decision, source: 'model', decided_at: at, ...(score !== undefined && { score }) },
  } as unknown as DecisionRecord;
}

const label = (id: number, fraud: boolean, daysAgo: number): LabelRecord => ({
  transaction_id: `tx-${id}`,
  fraud,
  source: 'chargeback',
  labelled_at: new Date(NOW - daysAgo * DAY).toISOString(),
  received_at: new Date(NOW - daysAgo * DAY + 1000).toISOString(),
});

async function read(
  records: readonly DecisionRecord[],
  labels: readonly LabelRecord[],
): Promise<{ rows: PastTransaction[]; asked: RecordsQuery[]; refused: ReadonlyMap<string, number> }> {
  const asked: RecordsQuery[] = [];
  const reader = {
    // Pages of two.
    page: (query: RecordsQuery) => {
      asked.push(query);
      const from = Number(query.cursor ?? 0);
      const next = from + 2 < records.length ? String(from + 2) : null;
      return Promise.resolve({ records: records.slice(from, from + 2), next });
    },
    labels: (ids: readonly string[]) =>
      Promise.resolve(labels.filter(({ transaction_id }) => ids.includes(transaction_id))),
  };
  const period = { warmFromMs: NOW - 90 * DAY, fromMs: NOW - 52 * DAY, toMs: NOW };
  const traffic = recordTraffic(reader, period, { maturityMs: 45 * DAY, nowMs: NOW });
  const rows: PastTransaction[] = [];
  for await (const group of traffic.groups) rows.push(...group);
  return { rows, asked, refused: traffic.refused };
}

describe('recordTraffic', () => {
  it('gives what was decided, in its order, with the moment of the decision', async () => {
    const { rows, asked } = await read(
      [record(1, 60, 'approve', 0.1), record(2, 50, 'review'), record(3, 10, 'decline', 0.99)],
      [],
    );
    expect(
      rows.map(({ parsed, atMs, decided }) => [parsed.transaction.transaction_id, atMs, decided]),
    ).toEqual([
      ['tx-1', NOW - 60 * DAY, { outcome: 'approve', score: 0.1, source: 'model' }],
      ['tx-2', NOW - 50 * DAY, { outcome: 'review', score: null, source: 'model' }],
      ['tx-3', NOW - 10 * DAY, { outcome: 'decline', score: 0.99, source: 'model' }],
    ]);
    const query = { order: 'oldest', limit: 500, fromMs: NOW - 90 * DAY, toMs: NOW };
    expect(asked).toEqual([query, { ...query, cursor: '2' }]);
  });

  it('takes the label that became known last, and tells each when it became known', async () => {
    const { rows } = await read([record(1, 60, 'approve')], [label(1, false, 5), label(1, true, 20)]);
    expect(rows[0]).toMatchObject({
      known: 'legitimate',
      labels: [
        { fraud: true, knownAtMs: NOW - 20 * DAY },
        { fraud: false, knownAtMs: NOW - 5 * DAY },
      ],
    });
  });

  it('takes what was let through for legitimate once fraud would be known, and never what was stopped', async () => {
    const { rows } = await read(
      [
        record(1, 60, 'approve'),
        record(2, 45, 'step_up'),
        record(3, 44, 'approve'),
        record(4, 60, 'decline'),
        record(5, 60, 'review'),
        record(6, 60, 'approve'),
      ],
      [label(6, true, 30)],
    );
    expect(rows.map(({ known }) => known)).toEqual([
      'legitimate',
      'legitimate',
      'unknown',
      'unknown',
      'unknown',
      'fraud',
    ]);
  });

  it('counts records that this version does not take any more', async () => {
    const odd = record(1, 60, 'approve');
    Object.assign(odd.transaction, { currency: 'euro' });
    const { rows, refused } = await read([odd], []);
    expect([rows, [...refused]]).toEqual([[], [['invalid_transaction', 1]]]);
  });
});
