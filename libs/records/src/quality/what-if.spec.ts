import { OUTCOMES } from '@fraud/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyScored,
  aScored,
  cellOf,
  type ScoredDecision,
} from '../../../../test/support/scored-decisions.js';
import { alternativesOf, scoreEdges } from './alternatives.js';
import { THRESHOLD_NAMES, type ScoreThresholds, type ThresholdName } from './outcome-threshold.js';
import { whatIfs } from './what-if.js';

const IN_FORCE = { step_up: 0.3, review: 0.7, decline: 0.9 };
const ASKED = { step_up: [0, 0.123456, 0.75], review: [0.2, 0.95], decline: [0.5, 0.899999, 0.900001, 1] };
const ALTERNATIVES = alternativesOf(IN_FORCE, ASKED);
const EDGES = scoreEdges(ALTERNATIVES);

const ask = (rows: readonly ScoredDecision[], alternatives = ALTERNATIVES) => {
  const edges = scoreEdges(alternatives);
  return whatIfs(rows.map(cellOf(edges)), edges, IN_FORCE, alternatives);
};
const money = (rows: readonly ScoredDecision[]): number =>
  rows.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The rule of the policy, over again. */
function severity(score: number, { step_up, review, decline }: ScoreThresholds): number {
  if (score >= decline) return 3;
  if (score >= review) return 2;
  return score >= step_up ? 1 : 0;
}

/** What one counts by hand if a row gets an alert at a threshold. */
function counted(rows: readonly ScoredDecision[], isAlert: (row: ScoredDecision) => boolean) {
  const alerts = rows.filter(isAlert);
  const frauds = rows.filter(({ fraud }) => fraud === true);
  const caught = frauds.filter(isAlert);
  const missed = frauds.filter((row) => !isAlert(row));
  const hit = alerts.filter(({ fraud }) => fraud !== true);
  const unlabelled = hit.filter(({ fraud }) => fraud === null);
  return {
    effect: {
      alerts: alerts.length,
      frauds_caught: caught.length,
      money_caught: money(caught),
      frauds_missed: missed.length,
      money_missed: money(missed),
      legitimate_hit: hit.length,
      legitimate_money_hit: money(hit),
      unlabelled_hit: unlabelled.length,
      unlabelled_money_hit: money(unlabelled),
    },
    precision: share(caught.length, alerts.length),
    recall: share(caught.length, frauds.length),
    false_positive_rate: share(hit.length, rows.length - frauds.length),
  };
}

describe('whatIfs', () => {
  it('counts what one counts by hand over single transactions, at every threshold', () => {
    fc.assert(
      fc.property(fc.array(anyScored(EDGES), { maxLength: 60 }), (rows) => {
        const found = ask(rows);
        const moved = rows.filter(
          ({ source, degraded, score }) => source === 'model' && !degraded && score !== null,
        );
        for (const [place, name] of THRESHOLD_NAMES.entries()) {
          expect(found.thresholds[name].map(({ threshold }) => threshold)).toEqual(ALTERNATIVES[name]);
          const now = counted(moved, ({ score }) => severity(score!, IN_FORCE) > place);
          for (const { difference, threshold, in_force, in_order, ...row } of found.thresholds[name]) {
            const then = counted(moved, ({ score }) => score! >= threshold);
            const { effect, ...shares } = then;
            expect(row).toEqual({ ...effect, ...shares });
            expect(in_force).toBe(threshold === IN_FORCE[name]);
            for (const [figure, more] of Object.entries(difference)) {
              const key = figure as keyof typeof effect;
              expect(more).toBe(effect[key] - now.effect[key]);
            }
            expect(Object.keys(difference)).toHaveLength(Object.keys(effect).length);
            const moves = { ...IN_FORCE, [name]: threshold } as Record<ThresholdName, number>;
            expect(in_order).toBe(moves.step_up <= moves.review && moves.review <= moves.decline);
          }
        }
      }),
    );
  });

  it('leaves alone what no threshold decided, and counts it apart', () => {
    fc.assert(
      fc.property(fc.array(anyScored(EDGES), { maxLength: 60 }), (rows) => {
        const found = ask(rows);
        expect(found.decisions + found.unmoved.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(
          rows.length,
        );
        for (const { source, degraded, ...group } of found.unmoved) {
          const mine = rows.filter(
            (row) =>
              row.source === source &&
              row.degraded === degraded &&
              (source !== 'model' || degraded || row.score === null),
          );
          const frauds = mine.filter(({ fraud }) => fraud === true);
          expect(group).toEqual({
            decisions: mine.length,
            money: money(mine),
            without_amount: mine.filter(({ amount }) => amount === null).length,
            frauds: frauds.length,
            fraud_money: money(frauds),
            alerts: {
              step_up: mine.filter(({ outcome }) => outcome !== 'approve').length,
              review: mine.filter(({ outcome }) => ['review', 'decline'].includes(outcome)).length,
              decline: mine.filter(({ outcome }) => outcome === 'decline').length,
            },
          });
        }
      }),
    );
  });

  it('says of how much it cannot know: what was declined and has no label, what the thresholds in force did not decide', () => {
    fc.assert(
      fc.property(fc.array(anyScored(EDGES), { maxLength: 60 }), (rows) => {
        const found = ask(rows);
        const moved = rows.filter(
          ({ source, degraded, score }) => source === 'model' && !degraded && score !== null,
        );
        const unseen = moved.filter(({ outcome, fraud }) => outcome === 'decline' && fraud === null);
        expect([found.declined_unlabelled, found.declined_unlabelled_money]).toEqual([
          unseen.length,
          money(unseen),
        ]);
        expect(found.decided_otherwise).toBe(
          moved.filter(({ outcome, score }) => OUTCOMES.indexOf(outcome) !== severity(score!, IN_FORCE))
            .length,
        );
        const models = new Set(moved.map(({ model }) => model));
        expect(found.models).toEqual(
          Object.fromEntries(
            [...models].map((model) => [model, moved.filter((row) => row.model === model).length]),
          ),
        );
      }),
    );
  });

  it('weighs a lower threshold in money: what it catches more, and whom it hits more', () => {
    const rows = [
      aScored({ score: 0.95, outcome: 'decline', fraud: true, amount: 50_000 }),
      aScored({ score: 0.86, outcome: 'review', fraud: true, amount: 30_000 }),
      aScored({ score: 0.85, outcome: 'review', fraud: false, amount: 700 }),
      aScored({ score: 0.849999, outcome: 'review', fraud: true, amount: 9_000 }),
      aScored({ score: 0.88, outcome: 'review', fraud: null, amount: 200 }),
    ];
    const { decline } = ask(rows, alternativesOf(IN_FORCE, { decline: [0.85] })).thresholds;
    expect(decline.map(({ threshold, in_force }) => [threshold, in_force])).toEqual([
      [0.85, false],
      [0.9, true],
    ]);
    expect(decline[0]).toMatchObject({
      alerts: 4,
      money_caught: 80_000,
      money_missed: 9_000,
      legitimate_hit: 2,
      legitimate_money_hit: 900,
      unlabelled_hit: 1,
      precision: 0.5,
      difference: { alerts: 3, money_caught: 30_000, money_missed: -30_000, legitimate_money_hit: 900 },
    });
  });
});
