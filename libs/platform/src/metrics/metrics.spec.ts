import { describe, expect, it } from 'vitest';
import type { MetricDeclaration } from './declaration.js';
import { METRICS } from './metrics.js';

/** What operators and the objective of 20 ms look at, milliseconds. */
const BOUNDS_MS = [1, 2, 5, 10, 15, 20, 30, 50, 100, 250];

const all = Object.values<MetricDeclaration>(METRICS);

describe('the metrics', () => {
  it.each([METRICS.requestLatency, METRICS.stageLatency])(
    'of latency ($name) have the bounds that operators look at',
    ({ buckets }) => {
      expect(buckets.map((seconds) => seconds * 1000)).toEqual(expect.arrayContaining(BOUNDS_MS));
      expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
    },
  );

  it('have names as Prometheus asks: base units, and _total for counters alone', () => {
    for (const { name, kind } of all) {
      expect(name).toMatch(/^fraud_[a-z0-9]+(_[a-z0-9]+)*$/);
      expect(name).not.toMatch(/_(ms|millis|milliseconds|minutes|hours|kb|mb|kilobytes|percent)(_|$)/);
      expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
    }
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
