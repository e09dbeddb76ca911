import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../quality/average-precision.js';
import { rocAuc } from '../../quality/roc-auc.js';
import { bootstrapOverDays, type ScoredDays } from './bootstrap.js';
import { rankRows, weightedQuality } from './weighted-quality.js';

describe('weightedQuality', () => {
  it('is the quality of rows that are there as often as their weight says', () => {
    const row = fc.record({ score: fc.integer({ min: 0, max: 6 }), fraud: fc.nat(1), group: fc.nat(2) });
    const weights = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), weights, (rows, w) => {
        const repeated = rows.flatMap((one) => Array.from({ length: w[one.group]! }, () => one));
        const plain = { scores: repeated.map((r) => r.score), labels: repeated.map((r) => r.fraud) };
        const ranked = rankRows(
          rows.map((r) => r.score),
          rows.map((r) => r.fraud),
          rows.map((r) => r.group),
        );
        const found = weightedQuality(ranked, w);
        for (const [actual, oracle] of [
          [found.auc, rocAuc(plain)],
          [found.averagePrecision, averagePrecision(plain)],
        ] as const) {
          if (Number.isNaN(oracle)) expect(actual).toBeNaN();
          else expect(actual).toBeCloseTo(oracle, 10);
        }
      }),
    );
  });
});

describe('bootstrapOverDays', () => {
  /** Twenty days on which A ranks well and B somewhat worse. */
  const rows = ((): ScoredDays => {
    const scoresA: number[] = [];
    const scoresB: number[] = [];
    const frauds: number[] = [];
    const days: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const fraud = i % 25 === 0 ? 1 : 0;
      scoresA.push(fraud * 0.5 + ((i * 7919) % 1000) / 1500);
      scoresB.push(fraud * 0.3 + ((i * 104_729) % 1000) / 1500);
      frauds.push(fraud);
      days.push(i % 20);
    }
    return { scoresA, scoresB, frauds, days };
  })();

  it('has each figure within its interval, and the difference of the two models beside them', () => {
    const { auc, averagePrecision: precision } = bootstrapOverDays(rows, 300, 1);
    for (const { a, b, difference } of [auc, precision]) {
      for (const { value, low, high } of [a, b, difference]) {
        expect(low).toBeLessThan(value);
        expect(high).toBeGreaterThan(value);
      }
      expect(difference.value).toBeCloseTo(b.value - a.value, 12);
      expect(difference.high).toBeLessThan(0);
    }
    expect(auc.a.value).toBe(rocAuc({ scores: rows.scoresA, labels: rows.frauds }));
  });

  it('gives the same intervals for the same seed', () => {
    expect(bootstrapOverDays(rows, 100, 5)).toEqual(bootstrapOverDays(rows, 100, 5));
    expect(bootstrapOverDays(rows, 100, 5)).not.toEqual(bootstrapOverDays(rows, 100, 6));
  });

  it('finds no difference, and an interval of nothing, between a model and itself', () => {
    const { averagePrecision: found } = bootstrapOverDays({ ...rows, scoresB: rows.scoresA }, 100, 1);
    expect(found.difference).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('claims no interval from a single day', () => {
    const found = bootstrapOverDays({ ...rows, days: rows.days.map(() => 3) }, 100, 1);
    expect(found.auc.a.value).toBeGreaterThan(0.5);
    expect(found.auc.a.low).toBeNaN();
  });
});
