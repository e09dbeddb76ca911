import type { Engine } from '@fraud/scoring';
import { Logger } from '@nestjs/common';
import { register } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BypassWatch } from './bypass-watch.js';

const STATE = {
  since: '2026-01-05T10:00:00Z',
  until: '2026-01-05T11:00:00Z',
  author: 'diana',
  reason: 'trial',
};

function watched(by: 'environment' | 'admin' = 'admin') {
  const bypass = { active: false, state: { bypass: STATE, by } };
  const engine = {
    bypass,
    wavedThrough: { transactions: 41, amount: 0 },
    historiesWaiting: 3,
    startedWithout: [] as string[],
  };
  return { bypass, watch: new BypassWatch(engine as unknown as Engine) };
}

describe('a bypass', () => {
  const warned: string[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Logger.prototype, 'warn').mockImplementation((message) => void warned.push(String(message)));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    register.clear();
    warned.length = 0;
  });

  it('is told within a second of its beginning, every minute while it lasts, and once when it has ended', () => {
    const { bypass, watch } = watched();
    watch.onApplicationBootstrap();
    vi.advanceTimersByTime(120_000);
    expect(warned).toEqual([]);
    bypass.active = true;
    vi.advanceTimersByTime(1000);
    expect(warned).toEqual([
      'BYPASS: every transaction is approved unscored, since 2026-01-05T10:00:00Z until 2026-01-05T11:00:00Z, by diana: trial; ' +
        '41 let through by this process so far, of which 3 have not come to the histories yet',
    ]);
    vi.advanceTimersByTime(10 * 60_000);
    expect(warned).toHaveLength(11);
    expect(new Set(warned).size).toBe(1);
    bypass.active = false;
    vi.advanceTimersByTime(120_000);
    expect(warned).toHaveLength(12);
    expect(warned.at(-1)).toContain('the bypass has ended');
    watch.onApplicationShutdown();
  });

  it('that is there at the start is told at once', () => {
    const { bypass, watch } = watched('environment');
    bypass.active = true;
    watch.onApplicationBootstrap();
    expect(warned).toEqual([expect.stringContaining('by BYPASS_MODE')]);
    watch.onApplicationShutdown();
    vi.advanceTimersByTime(120_000);
    expect(warned).toHaveLength(1);
  });
});
