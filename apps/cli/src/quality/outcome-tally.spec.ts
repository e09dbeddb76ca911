import type { Decision, Outcome } from '@fraud/contract';
import { describe, expect, it } from 'vitest';
import { OutcomeTally, total } from './outcome-tally.js';
import { operatingPoint } from './precision-recall.js';

const decision = (outcome: Outcome, degraded: Decision['degraded'] = []): Decision =>
  ({ decision: outcome, source: 'model', degraded }) as unknown as Decision;
const fraud = (scenario: string | null): { fraud: boolean; scenario: string | null } => ({
  fraud: true,
  scenario,
});
const GENUINE = { fraud: false, scenario: null };

function example(): OutcomeTally {
  const tally = new OutcomeTally();
  tally.add(decision('decline'), fraud('stolen_card'), 900);
  tally.add(decision('step_up'), fraud('stolen_card'), 100);
  tally.add(decision('approve'), fraud(null), 1000);
  tally.add(decision('review'), GENUINE, 500);
  for (let i = 0; i < 9; i++) tally.add(decision('approve'), GENUINE, 10);
  return tally;
}

describe('OutcomeTally', () => {
  it('counts every decision once, by truth and outcome', () => {
    const tally = example();
    expect(tally.decided).toBe(13);
    expect(tally.labelled).toBe(13);
    expect(tally.frauds.get('stolen_card')?.decline).toEqual({ count: 1, money: 900 });
    expect(tally.frauds.get('fraud')?.approve).toEqual({ count: 1, money: 1000 });
    expect(total(tally.allFrauds())).toEqual({ count: 3, money: 2000 });
  });

  it('counts an amount that is not known, without summing it', () => {
    const tally = new OutcomeTally();
    tally.add(decision('decline', ['unknown_currency']), fraud('x'), NaN);
    expect(total(tally.all)).toEqual({ count: 1, money: 0 });
    expect(tally.degraded).toBe(1);
  });

  it('leaves unlabelled transactions out of both truths', () => {
    const tally = new OutcomeTally();
    tally.add(decision('decline'), null, 5);
    expect([tally.decided, tally.labelled, total(tally.genuine).count, tally.frauds.size]).toEqual([
      1, 0, 0, 0,
    ]);
  });
});

describe('operatingPoint', () => {
  it('gives precision, recall by count and money, and the false-positive rate', () => {
    const stopped = operatingPoint(example(), ['review', 'decline']);
    expect(stopped.precision).toBe(1 / 2);
    expect(stopped.recall).toBe(1 / 3);
    expect(stopped.moneyRecall).toBe(0.45);
    expect(stopped.falsePositiveRate).toBe(1 / 10);
  });

  it('is undefined, not zero, where nothing was flagged or labelled', () => {
    const empty = operatingPoint(new OutcomeTally(), ['decline']);
    expect([empty.precision, empty.recall, empty.falsePositiveRate]).toEqual([NaN, NaN, NaN]);
  });
});
