import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyScored,
  aScored,
  cellOf,
  type ScoredDecision,
} from '../../../../test/support/scored-decisions.js';
import { calibrationOf, CALIBRATION_EDGES } from './calibration.js';
import { wilson } from './wilson.js';

/** A threshold between two edges, as policies have them. */
const EDGES = [...CALIBRATION_EDGES, 0.123456].toSorted((a, b) => a - b);
const calibrate = (rows: readonly ScoredDecision[]) => calibrationOf('1.0.0', rows.map(cellOf(EDGES)), EDGES);

describe('calibrationOf', () => {
  it('says what one finds by hand over single transactions', () => {
    const scored = anyScored(EDGES).filter(({ score }) => score !== null);
    fc.assert(
      fc.property(fc.array(scored, { minLength: 1 }), (rows) => {
        const found = calibrate(rows);
        const outcome = (row: ScoredDecision): number => (row.fraud === true ? 1 : 0);
        const sum = (some: readonly ScoredDecision[], of: (row: ScoredDecision) => number): number =>
          some.reduce((total, row) => total + of(row), 0);
        const frauds = sum(rows, outcome);
        expect([found.model, found.decisions, found.frauds]).toEqual(['1.0.0', rows.length, frauds]);
        expect(found.expected_frauds).toBeCloseTo(
          sum(rows, ({ score }) => score!),
          9,
        );
        const brier = sum(rows, (row) => (row.score! - outcome(row)) ** 2) / rows.length;
        expect(found.brier_score).toBeCloseTo(brier, 9);
        const rate = frauds / rows.length;
        const ofRate = sum(rows, (row) => (rate - outcome(row)) ** 2) / rows.length;
        expect(found.brier_skill ?? -99).toBeCloseTo(ofRate === 0 ? -99 : 1 - brier / ofRate, 6);
        let error = 0;
        const bins = CALIBRATION_EDGES.flatMap((from, i) => {
          const to = CALIBRATION_EDGES[i + 1] ?? 1;
          const mine = rows.filter(
            ({ score }) => score! >= from && (score! < to || (to === 1 && score === 1)),
          );
          if (mine.length === 0) return [];
          const hits = sum(mine, outcome);
          const mean = sum(mine, ({ score }) => score!) / mine.length;
          error += Math.abs(mean - hits / mine.length) * (mine.length / rows.length);
          const unseen = mine.filter((row) => row.outcome === 'decline' && row.fraud === null).length;
          const [low, high] = wilson(hits, mine.length);
          return [
            { from, to, mean, counts: [mine.length, hits, unseen], shares: [hits / mine.length, low, high] },
          ];
        });
        expect(found.bins.map(({ from, to }) => [from, to])).toEqual(bins.map(({ from, to }) => [from, to]));
        for (const [i, bin] of found.bins.entries()) {
          const { mean, counts, shares } = bins[i]!;
          expect([bin.decisions, bin.frauds, bin.declined_unlabelled]).toEqual(counts);
          expect(bin.mean_score).toBeCloseTo(mean, 9);
          expect([bin.fraud_rate, bin.fraud_rate_low, bin.fraud_rate_high]).toEqual(shares);
        }
        expect(found.expected_calibration_error).toBeCloseTo(error, 9);
      }),
    );
  });

  it('finds no error where scores are the rates, and the whole of it where they are not', () => {
    const rows = (score: number): ScoredDecision[] =>
      Array.from({ length: 100 }, (_, i) => aScored({ score, fraud: i < 25 }));
    expect(calibrate(rows(0.25)).expected_calibration_error).toBeCloseTo(0, 12);
    expect(calibrate(rows(0.25)).brier_skill).toBeCloseTo(0, 12);
    expect(calibrate(rows(0.85)).expected_calibration_error).toBeCloseTo(0.6, 12);
    expect(calibrate(rows(0.85)).brier_skill).toBeLessThan(0);
  });
});
