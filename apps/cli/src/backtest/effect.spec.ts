import { describe, expect, it } from 'vitest';
import { effectOf } from './effect.js';

describe('effectOf', () => {
  it.each([
    ['approve', 'step_up', 'newly_challenged'],
    ['approve', 'review', 'newly_stopped'],
    ['approve', 'decline', 'newly_stopped'],
    ['step_up', 'approve', 'no_longer_challenged'],
    ['step_up', 'review', 'newly_stopped'],
    ['step_up', 'decline', 'newly_stopped'],
    ['review', 'approve', 'no_longer_stopped'],
    ['review', 'step_up', 'no_longer_stopped'],
    ['decline', 'approve', 'no_longer_stopped'],
    ['decline', 'step_up', 'no_longer_stopped'],
    ['review', 'decline', null],
    ['decline', 'review', null],
    ['approve', 'approve', null],
    ['step_up', 'step_up', null],
    ['review', 'review', null],
    ['decline', 'decline', null],
  ] as const)('%s → %s: %s', (was, wouldBe, effect) => {
    expect(effectOf(was, wouldBe)).toBe(effect);
  });
});
