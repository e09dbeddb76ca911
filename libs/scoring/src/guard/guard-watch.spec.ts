import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Decision, GuardSide } from '@fraud/contract';
import { ControlUnavailable, FileControlStore, type ControlStore } from '@fraud/platform';
import { USUAL_GUARD, type GuardPolicy } from '@fraud/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardWatch } from './guard-watch.js';

const WINDOW_MS = USUAL_GUARD.window_seconds * 1000;
const PART_MS = WINDOW_MS / 10;
const START_MS = Date.UTC(2026, 0, 5);

const SCORED = { decision: 'approve', source: 'model' } as Decision;
const DECLINED = { decision: 'decline', source: 'model' } as Decision;
const UNSCORED = { decision: 'review', source: 'fallback' } as Decision;
const HELD_BACK = { decision: 'review', source: 'model', guard: 'declines' } as Decision;

type Decided = readonly (readonly [Decision, number])[];

const AS_USUAL: Decided = [
  [SCORED, 98],
  [DECLINED, 2],
];
const ATTACK: Decided = [
  [SCORED, 500],
  [DECLINED, 500],
];

describe('GuardWatch', () => {
  let directory: string;
  let control: ControlStore;
  let changes: GuardSide[];
  let nowMs: number;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'guard-'));
    control = new FileControlStore(directory);
    changes = [];
    nowMs = START_MS;
  });
  afterEach(() => rm(directory, { recursive: true }));

  const watchOn = (store: ControlStore, policy: GuardPolicy = USUAL_GUARD): GuardWatch =>
    new GuardWatch(
      store,
      () => policy,
      (_, sides) => changes.push(...sides),
    );
  const decide = (watch: GuardWatch, decision: Decision, times: number): void => {
    for (let i = 0; i < times; i++) watch.note(decision);
  };
  /** A part of a window goes by, with so many decisions in it. */
  const part = async (watches: readonly GuardWatch[], counts: Decided): Promise<void> => {
    for (const watch of watches) {
      for (const [decision, times] of counts) decide(watch, decision, times);
      await watch.look(nowMs);
    }
    nowMs += PART_MS;
  };
  const parts = async (times: number, watches: readonly GuardWatch[], counts: Decided) => {
    for (let i = 0; i < times; i++) await part(watches, counts);
  };

  it('knows what is usual only after a thousand decisions, and says nothing of declines before', async () => {
    const watch = watchOn(control);
    await part([watch], [[DECLINED, 600]]);
    expect(watch.state.declines.bound).toBeNaN();
    expect(changes).toEqual([]);
  });

  it('trips on a share of declines that is a multiple of the usual one, and clears when it has been usual for long', async () => {
    const watch = watchOn(control);
    await parts(20, [watch], AS_USUAL);
    expect(watch.state.declines.tripped).toBe(false);
    expect(watch.state.declines.share).toBeCloseTo(0.02, 5);
    expect(watch.state.declines.bound).toBeCloseTo(0.06, 3);
    await part([watch], ATTACK);
    expect(changes).toEqual(['declines']);
    await parts(25, [watch], AS_USUAL);
    expect(watch.state.declines.tripped).toBe(false);
    expect(changes).toEqual(['declines', 'declines']);
  });

  it('does not learn from an attack, and does not clear by what it holds back itself', async () => {
    const watch = watchOn(control);
    await parts(20, [watch], AS_USUAL);
    await part([watch], ATTACK);
    await parts(
      60,
      [watch],
      [
        [SCORED, 50],
        [HELD_BACK, 50],
      ],
    );
    expect(watch.state.declines.tripped).toBe(true);
    expect(watch.state.declines.bound).toBeLessThan(0.1);
  });

  it('counts over all instances, and each of them trips', async () => {
    const both = [watchOn(control), watchOn(control)];
    await parts(10, both, [
      [SCORED, 30],
      [UNSCORED, 1],
    ]);
    expect(both.map(({ state }) => state.unscored.tripped)).toEqual([true, true]);
    expect(both[0]!.state.unscored.share).toBeCloseTo(1 / 31, 3);
  });

  it('goes on with its own counts where what all share cannot be reached', async () => {
    const away = Object.assign(Object.create(control) as FileControlStore, {
      count: () => Promise.reject(new ControlUnavailable('away')),
    });
    const watch = watchOn(away);
    await part(
      [watch],
      [
        [SCORED, 450],
        [UNSCORED, 150],
      ],
    );
    expect(watch.state.unscored).toMatchObject({ tripped: true, share: 0.25 });
    // What has left the window does not count any more.
    await parts(11, [watch], [[SCORED, 60]]);
    expect(watch.state.unscored.share).toBe(0);
  });
});
