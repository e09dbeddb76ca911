import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CALM_GUARD,
  guarded,
  look,
  safeModesOf,
  USUAL_GUARD,
  type GuardCounts,
  type GuardState,
} from './guard.js';

const BASELINE = 0.02;
const counts = (decisions: number, declines: number, unscored = 0): GuardCounts => ({
  decisions,
  declines,
  unscored,
});
const after = (
  windows: readonly GuardCounts[],
  baseline: number | null = BASELINE,
  everyMs = 30_000,
): GuardState =>
  windows.reduce((state, one, i) => look(state, one, baseline, i * everyMs, USUAL_GUARD), CALM_GUARD);

describe('the guard on declines', () => {
  it('trips when they are a multiple of what they were', () => {
    expect(after([counts(1000, 20), counts(1000, 70)]).declines).toMatchObject({
      tripped: true,
      sinceMs: 30_000,
    });
  });

  it('says nothing of few decisions, nor while nobody knows what is usual', () => {
    fc.assert(
      fc.property(fc.nat(USUAL_GUARD.least_decisions - 1), (n) => {
        expect(after([counts(n, n, n)]).declines.tripped).toBe(false);
        expect(after([counts(n, n, n)]).unscored.tripped).toBe(false);
      }),
    );
    expect(after([counts(10_000, 10_000)], null).declines.tripped).toBe(false);
  });

  it('stays calm whatever share is usual, as long as it stays what it was', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        fc.integer({ min: 500, max: 100_000 }),
        (usual, n) => {
          expect(after([counts(n, Math.round(n * usual))], usual).declines.tripped).toBe(false);
        },
      ),
    );
  });

  it('clears when they have been usual again for as long as the policy says, not before', () => {
    const attack = [counts(1000, 20), counts(1000, 200)];
    const calm = Array.from({ length: 9 }, () => counts(1000, 20));
    expect(after([...attack, ...calm]).declines.tripped).toBe(true);
    expect(after([...attack, ...calm, counts(1000, 20)]).declines.tripped).toBe(false);
  });

  it('does not flap at its bound', () => {
    const around = Array.from({ length: 100 }, (_, i) => counts(1000, i % 2 === 0 ? 62 : 58));
    let changes = 0;
    around.reduce((state, one, i) => {
      const next = look(state, one, BASELINE, i * 30_000, USUAL_GUARD);
      if (next.declines.tripped !== state.declines.tripped) changes += 1;
      return next;
    }, CALM_GUARD);
    expect(changes).toBe(1);
  });
});

describe('the guard on decisions without a score', () => {
  it('trips above its share, and clears', () => {
    expect(after([counts(1000, 0, 10)]).unscored.tripped).toBe(false);
    expect(after([counts(1000, 0, 11)]).unscored.tripped).toBe(true);
    const calm = Array.from({ length: 10 }, () => counts(1000, 0, 0));
    expect(after([counts(1000, 0, 11), ...calm]).unscored.tripped).toBe(false);
  });
});

describe('safe modes', () => {
  const tripped = after([counts(1000, 500, 500)]);
  const policy = {
    ...USUAL_GUARD,
    declines: { ...USUAL_GUARD.declines, safe_mode: 'review' },
    unscored: { ...USUAL_GUARD.unscored, safe_mode: 'decline' },
  } as const;

  it('are in force only where the policy says so', () => {
    expect(safeModesOf(tripped, USUAL_GUARD)).toEqual({ declines: false, unscored: false });
    expect(safeModesOf(tripped, policy)).toEqual({ declines: true, unscored: true });
    expect(safeModesOf(CALM_GUARD, policy)).toEqual({ declines: false, unscored: false });
  });

  it('review what would be declined, decline what has no score, and change nothing else', () => {
    const modes = safeModesOf(tripped, policy);
    expect(guarded('decline', true, modes)).toEqual({ outcome: 'review', side: 'declines' });
    expect(guarded('review', false, modes)).toEqual({ outcome: 'decline', side: 'unscored' });
    for (const outcome of ['approve', 'step_up', 'review'] as const)
      expect(guarded(outcome, true, modes)).toEqual({ outcome, side: null });
    expect(guarded('decline', false, modes)).toEqual({ outcome: 'decline', side: null });
  });
});
