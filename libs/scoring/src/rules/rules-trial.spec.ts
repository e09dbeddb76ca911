import type { Decision } from '@fraud/contract';
import { FEATURE_NAMES } from '@fraud/features';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RulesTrial } from './rules-trial.js';
import { parseRules } from './rules-file.js';

const POLICY = {
  thresholds: { step_up: 0.3, review: 0.7, decline: 0.9 },
  degraded_thresholds: { step_up: 0.1, review: 0.5, decline: 0.8 },
  fail_action: 'review',
} as const;

const RULES = parseRules(
  `rules:
  - { id: large, when: 'amount > 100.0', action: decline, reason: a, sentence: a, mode: live }
  - { id: remote, when: 'is_remote == 1.0', action: review, reason: b, sentence: b, mode: live }
  - { id: night, when: 'is_night == 1.0', action: decline, reason: c, sentence: c, mode: shadow }
`,
  'rules.yaml',
);

interface Row {
  readonly amount: number;
  readonly remote: boolean;
  readonly night: boolean;
  readonly score: number | null;
  readonly fraud: boolean | null;
}

const rows = fc.array(
  fc.record({
    amount: fc.integer({ min: 0, max: 200 }),
    remote: fc.boolean(),
    night: fc.boolean(),
    score: fc.option(fc.integer({ min: 0, max: 100 }).map((n) => n / 100)),
    fraud: fc.option(fc.boolean()),
  }),
  { maxLength: 60 },
);

const byModel = (score: number | null): Decision['decision'] =>
  score === null
    ? 'review'
    : score >= 0.9
      ? 'decline'
      : score >= 0.7
        ? 'review'
        : score >= 0.3
          ? 'step_up'
          : 'approve';

function recordOf({ amount, remote, night, score }: Row): Parameters<RulesTrial['add']>[0] {
  const vector = new Float32Array(FEATURE_NAMES.length).fill(NaN);
  vector[FEATURE_NAMES.indexOf('amount')] = amount;
  vector[FEATURE_NAMES.indexOf('is_remote')] = Number(remote);
  vector[FEATURE_NAMES.indexOf('is_night')] = Number(night);
  const decision = {
    decision: byModel(score),
    source: score === null ? 'fallback' : 'model',
    degraded: score === null ? ['model_unavailable'] : [],
    decided_at: '2026-01-05T12:00:00Z',
    ...(score === null ? {} : { score }),
  };
  return {
    transaction: { currency: 'EUR' },
    vector: Buffer.from(vector.buffer).toString('base64'),
    amount_reference: amount * 100,
    decision,
  } as never;
}

it('counts what each rule would have hit, with whom it shares, and what the live ones would have changed', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const trial = new RulesTrial(RULES, POLICY);
      for (const row of list) trial.add(recordOf(row), row.fraud);
      const { decisions, labelled, frauds, rules, changed, new_declines, newly_stopped_frauds } =
        trial.result;
      expect(decisions).toBe(list.length);
      expect(labelled).toBe(list.filter(({ fraud }) => fraud !== null).length);
      expect(frauds).toBe(list.filter(({ fraud }) => fraud === true).length);
      const hits = [(row: Row) => row.amount > 100, (row: Row) => row.remote, (row: Row) => row.night];
      rules.forEach((rule, place) => {
        const hit = list.filter((row) => hits[place]!(row));
        expect(rule).toMatchObject({
          hits: hit.length,
          frauds: hit.filter(({ fraud }) => fraud === true).length,
          legitimate: hit.filter(({ fraud }) => fraud === false).length,
          money: hit.reduce((sum, { amount }) => sum + amount * 100, 0),
          alone: hit.filter((row) => hits.filter((one) => one(row)).length === 1).length,
          failed: 0,
        });
        const shared = hits.map((other, n) => (n === place ? 0 : hit.filter((row) => other(row)).length));
        expect(rule.overlaps?.hits ?? 0).toBe(Math.max(...shared));
      });
      // Decline wins over all, review over what is milder; the one in shadow changes nothing.
      const outcomes = list.map((row) => {
        const own = byModel(row.score);
        if (row.amount > 100) return [row, own, 'decline'] as const;
        return [row, own, row.remote && (own === 'approve' || own === 'step_up') ? 'review' : own] as const;
      });
      const moved = outcomes.filter(([, from, to]) => from !== to);
      expect(changed.reduce((sum, { count }) => sum + count, 0)).toBe(moved.length);
      expect(new_declines.hits).toBe(moved.filter(([, , to]) => to === 'decline').length);
      expect(new_declines.legitimate).toBe(
        moved.filter(([{ fraud }, , to]) => to === 'decline' && fraud === false).length,
      );
      expect(newly_stopped_frauds.hits).toBe(
        moved.filter(([{ fraud }, from]) => fraud === true && from === 'approve').length,
      );
    }),
  );
});

it('asks nothing of what a bypass let through', () => {
  const trial = new RulesTrial(RULES, POLICY);
  const record = recordOf({ amount: 200, remote: true, night: true, score: null, fraud: null });
  trial.add({ ...record, decision: { ...record.decision, source: 'bypass' } }, true);
  expect(trial.result).toMatchObject({
    decisions: 0,
    frauds: 0,
    rules: [{ hits: 0 }, { hits: 0 }, { hits: 0 }],
  });
});
