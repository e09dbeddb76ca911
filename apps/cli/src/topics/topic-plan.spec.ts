import { describe, expect, it } from 'vitest';
import { partitionsFor, planTopics } from './topic-plan.js';

const NAMES = { transactions: 't', decisions: 'd', deadLetters: 'q', labels: 'l', bypassed: 'b' };
const none = new Map<string, never>();

describe('planTopics', () => {
  it('creates all of them alike, replicated as far as there are brokers, up to three', () => {
    for (const [brokers, replication] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [5, 3],
    ] as const) {
      expect(planTopics(NAMES, none, brokers, {})).toEqual(
        ['t', 'd', 'q', 'l', 'b'].map((name) => ({
          name,
          partitions: 6,
          replication,
          action: 'create',
          large: name === 'q',
        })),
      );
    }
  });

  it('keeps what exists as it is, and makes what is missing like the transactions', () => {
    const existing = new Map([['t', { partitions: 4, replication: 2 }]]);
    expect(planTopics(NAMES, existing, 3, {})).toEqual([
      { name: 't', partitions: 4, replication: 2, action: 'keep', large: false },
      { name: 'd', partitions: 4, replication: 3, action: 'create', large: false },
      { name: 'q', partitions: 4, replication: 3, action: 'create', large: true },
      { name: 'l', partitions: 4, replication: 3, action: 'create', large: false },
      { name: 'b', partitions: 4, replication: 3, action: 'create', large: false },
    ]);
  });

  it('refuses more partitions for any of them, and keeps those that have more than asked for', () => {
    for (const name of ['t', 'd', 'q', 'l', 'b']) {
      const existing = new Map([[name, { partitions: 6, replication: 1 }]]);
      expect(() => planTopics(NAMES, existing, 1, { partitions: 12 })).toThrow(/has 6 partitions.*12/);
      expect(
        planTopics(NAMES, existing, 1, { partitions: 2 }).find((topic) => topic.name === name),
      ).toMatchObject({ partitions: 6, action: 'keep' });
    }
  });

  it('refuses more copies than there are brokers', () => {
    expect(() => planTopics(NAMES, none, 1, { replication: 3 })).toThrow(/--replication 3.*is 1/);
  });

  it.each([
    [1, 6],
    [4999, 6],
    [5000, 12],
    [20_000, 24],
    [50_000, 48],
    [500_000, 48],
  ])('plans for %i transactions a second with %i partitions', (load, partitions) => {
    expect(partitionsFor(load)).toBe(partitions);
  });
});
