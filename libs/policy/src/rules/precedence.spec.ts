import type { Outcome } from '@fraud/contract';
import { expect, it } from 'vitest';
import { settle } from './precedence.js';
import type { ReadyRule } from './rule-set.js';

const hits = (...actions: Outcome[]): ReadyRule[] =>
  actions.map((action) => ({ id: action, action }) as ReadyRule);

/** The table of docs: what hit, what it would be without rules, whether the answer is a whole one; then the outcome, and by which rules. */
const TABLE: readonly [Outcome[], Outcome, boolean, Outcome, Outcome[]][] = [
  // No rule: the model's outcome, or that of the policy where there is no score.
  [[], 'approve', true, 'approve', []],
  [[], 'decline', true, 'decline', []],
  [[], 'review', false, 'review', []],
  // The strictest wins, whoever asks for it.
  [['decline'], 'approve', true, 'decline', ['decline']],
  [['decline'], 'decline', true, 'decline', ['decline']],
  [['review'], 'approve', true, 'review', ['review']],
  [['review'], 'decline', true, 'decline', []],
  [['step_up'], 'approve', true, 'step_up', ['step_up']],
  [['step_up'], 'review', true, 'review', []],
  [['step_up', 'review', 'decline'], 'approve', true, 'decline', ['decline']],
  [['review', 'step_up', 'review'], 'step_up', true, 'review', ['review', 'review']],
  // They carry the decision where the model cannot.
  [['decline'], 'review', false, 'decline', ['decline']],
  [['step_up'], 'review', false, 'review', []],
  // An approval overrides the model up to a review, and nothing else.
  [['approve'], 'approve', true, 'approve', []],
  [['approve'], 'step_up', true, 'approve', ['approve']],
  [['approve'], 'review', true, 'approve', ['approve']],
  [['approve'], 'decline', true, 'decline', []],
  [['approve', 'step_up'], 'approve', true, 'step_up', ['step_up']],
  [['approve', 'step_up'], 'review', true, 'review', []],
  [['approve'], 'step_up', false, 'step_up', []],
  [['approve'], 'review', false, 'review', []],
];

it.each(TABLE)('%j upon %s (whole: %s) gives %s by %j', (actions, without, whole, outcome, by) => {
  const settled = settle(hits(...actions), without, whole);
  expect(settled.outcome).toBe(outcome);
  expect(settled.by.map(({ action }) => action)).toEqual(by);
});
