import { describe, expect, it } from 'vitest';
import { asked, eachOf, fitted, storeUs } from './costs.js';
import { needed, POD_TARGET, SHARD_TARGET, SHARDS } from './fleets.js';
import { NETWORK_US, simulate } from './simulate.js';

const COSTS = { api: { turn: 100, each: 60 }, redis: { turn: 20, each: 15 } };
const one = { pods: 1, shards: 1, trips: 1 };

describe('what many processes would do', () => {
  it('costs that measures follow exactly are found', () => {
    const cost = { turn: 120, each: 55 };
    const measures = [1, 3, 9, 30].map((rows) => ({ rows, eachUs: eachOf(cost, rows) }));
    expect(fitted(measures).turn).toBeCloseTo(120, 6);
    expect(fitted(measures).each).toBeCloseTo(55, 6);
  });

  it('a transaction that meets nobody takes what it costs, and the network', () => {
    const { p50, p99, rows } = simulate({ ...one, rate: 1 }, COSTS, 2000);
    const ms = (100 + 60 + 20 + 15 + NETWORK_US) / 1000;
    expect(rows).toBe(1);
    expect(p50).toBeCloseTo(ms, 6);
    expect(p99).toBeCloseTo(ms, 6);
  });

  it('each trip of a turn crosses the network', () => {
    const { p50 } = simulate({ ...one, rate: 1, trips: 2 }, COSTS, 500);
    expect(p50).toBeCloseTo((100 + 60 + 20 + 15 + 2 * NETWORK_US) / 1000, 6);
  });

  it('is as busy as what it does costs: arrivals × cost of the turns that they made', () => {
    const { pod, shard, rows } = simulate({ ...one, rate: 6000 }, COSTS, 20);
    expect(pod).toBeCloseTo((6000 * eachOf(COSTS.api, rows)) / 1e6, 1);
    expect(shard).toBeCloseTo((6000 * eachOf(COSTS.redis, rows)) / 1e6, 1);
  });

  it('waits longer the busier it is, in larger turns', () => {
    const runs = [1000, 4000, 8000, 12000].map((rate) => simulate({ ...one, rate }, COSTS, 5));
    const rising = (values: readonly number[]): boolean =>
      values.every((v, i) => i === 0 || v > values[i - 1]!);
    expect(rising(runs.map(({ p99 }) => p99))).toBe(true);
    expect(rising(runs.map(({ rows }) => rows))).toBe(true);
  });

  it('the same seed is the same run, another one another', () => {
    const fleet = { ...one, rate: 3000 };
    expect(simulate(fleet, COSTS, 1, 7)).toEqual(simulate(fleet, COSTS, 1, 7));
    expect(simulate(fleet, COSTS, 1, 7)).not.toEqual(simulate(fleet, COSTS, 1, 8));
  });

  it('the fewest that are enough are no busier than they should be, and fewer nodes are not enough', () => {
    const measures = { single: COSTS, cluster: COSTS };
    const found = needed(60_000, measures)!;
    expect(found.pod).toBeLessThanOrEqual(POD_TARGET);
    expect(found.shard).toBeLessThanOrEqual(SHARD_TARGET);
    const fewer = SHARDS[SHARDS.indexOf(found.shards as 3) - 1]!;
    const trips = fewer === 1 ? 1 : 2;
    expect(
      simulate({ rate: 60_000, pods: found.pods, shards: fewer, trips }, COSTS, 2).shard,
    ).toBeGreaterThan(SHARD_TARGET);
  });

  it('says so where no number of nodes that is tried is enough, and ends', () => {
    const dear = { ...COSTS, redis: { turn: 500, each: 500 } };
    expect(needed(100_000, { single: dear, cluster: dear })).toBeNull();
  });

  it('a turn asks each node where one of its keys lies', () => {
    expect(asked(1, 1)).toBe(1);
    expect(asked(3, 1)).toBeCloseTo(3 * (1 - (2 / 3) ** 7), 6);
    expect(asked(3, 100)).toBeCloseTo(3, 6);
    expect(storeUs({ turn: 30, each: 10 }, 3, 100)).toBeCloseTo(3 * 30 + 1000, 3);
  });
});
