import { alternativesOf, type ScoreReport } from '@fraud/records';
import { afterEach, describe, expect, it } from 'vitest';
import { LabelRoutes, POLICY_OF_TEST } from '../../../../test/support/label-routes.js';
import { MemoryLabelRecords } from '../../../../test/support/memory-label-records.js';
import { aTransaction } from '../../../../test/support/transactions.js';

const { thresholds } = POLICY_OF_TEST.content;
const label = { label: 'fraud', source: 'chargeback' };
const WRONG = [
  ['from=yesterday', 'from'],
  ['to=2026-13-01', 'to'],
  ['from=2026-02-01&to=2026-01-01', 'from'],
  ['from=2001-01-01', 'from'],
  ['horizon_days=3', 'horizon_days'],
  ['horizon_days=many', 'horizon_days'],
  ['to=2026-01-01&to=2026-01-02', 'to'],
] as const;

const routes = new LabelRoutes();
afterEach(() => routes.close());

/** Forty frauds of January that became known within two days, and what says how late labels come. */
async function openWithFrauds() {
  const records = new MemoryLabelRecords();
  const { post, get } = await routes.open(records);
  for (let i = 0; i < 40; i++) {
    const transaction_id = `old-${i}`;
    const transaction = aTransaction({ transaction_id, occurred_at: '2026-01-06T12:00:00Z' });
    records.decide(transaction, 'decline', { score: i < 30 ? 0.95 : 0.85 });
    await post({ ...label, transaction_id, labelled_at: '2026-01-07T13:00:00Z' });
  }
  return { records, post, get };
}

describe('GET /v1/quality', () => {
  it('reports whole weeks, and learns from those before how late labels come', async () => {
    const { records, get } = await openWithFrauds();
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

  it.each(WRONG)('names what is wrong in ?%s', async (query, field) => {
    const { get } = await routes.open(new MemoryLabelRecords());
    const answer = await get(`/v1/quality?${query}`);
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_query', errors: [{ field }] });
  });
});

describe('GET /v1/quality/scores', () => {
  const WEEK = '/v1/quality/scores?from=2026-01-05&to=2026-01-12';

  it('tries a grid beside the thresholds of the policy in force', async () => {
    const { get } = await openWithFrauds();
    const report = (await get(WEEK)).json<ScoreReport>();
    expect(report).toMatchObject({
      policy: POLICY_OF_TEST.version,
      thresholds,
      mature_weeks: ['2026-01-05'],
    });
    for (const [name, alternatives] of Object.entries(alternativesOf(thresholds, {}))) {
      const tried = report.what_ifs!.thresholds[name as 'decline'];
      expect(tried.map(({ threshold }) => threshold)).toEqual(alternatives);
      expect(tried.filter(({ in_force }) => in_force).map(({ threshold }) => threshold)).toEqual([
        thresholds[name as 'decline'],
      ]);
    }
  });

  it('tries the thresholds that are asked for, to the digit', async () => {
    const { get } = await openWithFrauds();
    const { calibration, what_ifs } = (await get(`${WEEK}&decline=0.85,0.850001`)).json<ScoreReport>();
    const { step_up, decline } = what_ifs!.thresholds;
    expect(step_up).toMatchObject([{ threshold: 0.3, in_force: true, frauds_caught: 40 }]);
    expect(decline).toMatchObject([
      { threshold: 0.85, frauds_caught: 40, difference: { frauds_caught: 10 } },
      { threshold: 0.850001, frauds_caught: 30, difference: { frauds_caught: 0 } },
      { threshold: 0.9, frauds_caught: 30, in_force: true },
    ]);
    expect(calibration).toMatchObject([{ model: '1.0.0', decisions: 40, frauds: 40 }]);
  });

  it('shows weeks as asked, and learns from those before how late labels come', async () => {
    const { records, get } = await openWithFrauds();
    records.decide(aTransaction({ occurred_at: '2026-03-10T12:00:00Z' }), 'approve', { score: 0.01 });
    const answer = await get('/v1/quality/scores?from=2026-03-09&to=2026-03-16');
    expect(answer.json()).toMatchObject({
      mature_weeks: ['2026-03-09'],
      calibration: [{ decisions: 1, frauds: 0 }],
    });
  });

  it.each([
    ...WRONG,
    ['decline=1.1', 'decline'],
    ['decline=-0.1', 'decline'],
    ['review=0.5,', 'review'],
    ['step_up=1e-2', 'step_up'],
    ['step_up=', 'step_up'],
    [`review=${Array.from({ length: 21 }, () => '0.5').join(',')}`, 'review'],
    ['approve=0.5', 'approve'],
  ] as const)('names what is wrong in ?%s', async (query, field) => {
    const { get } = await routes.open(new MemoryLabelRecords());
    const answer = await get(`/v1/quality/scores?${query}`);
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_query', errors: [{ field }] });
  });
});
