import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeChanges, RingChanges, type RingChange } from './ring-changes.js';
import { StoredHere } from './stored-here.js';

const MINUTE_MS = 60_000;
const sale = { id: 'tx', timeMs: 0, amount: 100, transactions: 1, frauds: 0 } as const;
const at = (merchantId: string): { merchantId: string; terminalId: null } => ({
  merchantId,
  terminalId: null,
});

describe('the changes that rings are owed', () => {
  let lost: number;
  let changes: RingChanges;
  const taken = (): RingChange[] => [...changes.take().values()].flat();

  beforeEach(() => {
    vi.useFakeTimers();
    lost = 0;
    changes = new RingChanges((n) => (lost += n));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are taken once', () => {
    changes.add(at('m'), sale);
    expect(taken()).toHaveLength(1);
    expect(taken()).toEqual([]);
  });

  it('stay where they were certainly not made, however long', () => {
    changes.add(at('m'), sale);
    changes.putBack(taken(), true);
    vi.advanceTimersByTime(60 * MINUTE_MS);
    expect(taken()).toHaveLength(1);
    expect(lost).toBe(0);
  });

  it('of unknown outcome are sent again only while the node remembers them; then they are lost, and that is told', () => {
    changes.add(at('m'), sale);
    changes.putBack(taken(), false);
    vi.advanceTimersByTime(4 * MINUTE_MS);
    changes.putBack(taken(), false);
    // From the first time on, not from the last.
    vi.advanceTimersByTime(2 * MINUTE_MS);
    expect(taken()).toEqual([]);
    expect(lost).toBe(1);
  });

  it('have a marker in the slot of their ring, or none at all; without one an unknown outcome is not sent again', () => {
    changes.add(at('m'), sale);
    changes.add(at('m{x}'), sale);
    const both = taken();
    expect(encodeChanges(both[0]!.ring, [both[0]!]).keys[1]).toMatch(/^fd\d+:n:\{fd\d+:m:m\}:tx$/);
    expect(encodeChanges(both[1]!.ring, [both[1]!]).keys).toHaveLength(1);
    changes.putBack(both, false);
    expect(taken().map(({ ring }) => ring)).toEqual([both[0]!.ring]);
    expect(lost).toBe(1);
  });
});

describe('a decision that this process stores', () => {
  const commit = {
    transactionId: 'tx',
    value: Buffer.from('ours'),
    counter: { ...at('m'), timeMs: 0, amount: 1 },
  };
  let won: number;
  let here: StoredHere;

  beforeEach(() => {
    won = 0;
    here = new StoredHere(() => (won += 1));
  });

  it('counts once, also where the reply to the first attempt got lost, and where both come', () => {
    here.sending(commit);
    here.sending(commit);
    expect(here.answered(commit, commit.value)).toBe(true);
    expect(here.answered(commit, null)).toBe(true);
    expect(won).toBe(1);
  });

  it('does not count where another one is stored', () => {
    here.sending(commit);
    expect(here.answered(commit, Buffer.from('theirs'))).toBe(false);
    expect(won).toBe(0);
  });
});
