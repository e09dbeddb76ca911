import { describe, expect, it } from 'vitest';
import { ProgressWatch, type Sight } from './progress-watch.js';

const BUSY: Sight = { behind: 100, member: true, waits: false };

/** A watch of ten seconds, looked at every two, and its clock. */
function watched(): { look: (sight: Sight | null, times?: number) => number | null; commit: () => void } {
  let now = 0;
  const watch = new ProgressWatch(10_000, () => now);
  return {
    look: (sight, times = 1) => {
      for (let i = 0; i < times; i++) {
        now += 2000;
        watch.seen(sight);
      }
      return watch.stalledS;
    },
    commit: () => {
      watch.moved();
    },
  };
}

describe('ProgressWatch', () => {
  it('stands still when nothing was committed for so long though messages wait, until something is', () => {
    const { look, commit } = watched();
    expect(look(BUSY, 5)).toBeNull();
    expect(look(BUSY)).toBe(12);
    commit();
    expect(look(BUSY, 5)).toBeNull();
  });

  it.each([
    ['has nothing to do', { ...BUSY, behind: 0 }],
    ['waits for something that is away', { ...BUSY, waits: true }],
    ['does not reach the brokers', null],
  ])('does not stand still while it %s, and has the whole time behind that', (_, sight) => {
    const { look } = watched();
    expect(look(sight, 100)).toBeNull();
    expect(look(BUSY, 5)).toBeNull();
    expect(look(BUSY)).toBe(12);
  });

  it('stands still where it is no member of the group for long, whatever waits', () => {
    const { look } = watched();
    expect(look({ behind: 0, member: false, waits: false }, 6)).toBe(12);
  });
});
