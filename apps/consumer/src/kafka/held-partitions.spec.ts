import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldPartitions, type HeldFor } from './held-partitions.js';

describe('HeldPartitions', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function told(): { held: HeldPartitions; changes: (readonly [number, HeldFor | null])[] } {
    const changes: (readonly [number, HeldFor | null])[] = [];
    return { held: new HeldPartitions((...change) => changes.push(change)), changes };
  }

  it('says once that a partition waits for something, however often that is tried, and once that it does no more', () => {
    const { held, changes } = told();
    const resume = vi.fn<() => void>();
    for (let i = 0; i < 3; i++) {
      held.holdFor(7, 'features_unavailable', resume);
      vi.advanceTimersByTime(500);
    }
    held.release(7);
    held.release(7);
    expect(resume).toHaveBeenCalledTimes(3);
    expect(changes).toEqual([
      [7, 'features_unavailable'],
      [7, null],
    ]);
  });

  it('lets go of what another member has now', () => {
    const { held, changes } = told();
    held.hold(1, 'busy');
    held.hold(2, 'busy');
    held.keepOnly([2, 3]);
    expect(changes.slice(2)).toEqual([[1, null]]);
  });

  it('resumes nothing once it is closed', () => {
    const { held } = told();
    const resume = vi.fn<() => void>();
    held.holdFor(1, 'records_unavailable', resume);
    held.close();
    vi.advanceTimersByTime(10_000);
    expect(resume).not.toHaveBeenCalled();
  });
});
