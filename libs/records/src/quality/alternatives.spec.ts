import { describe, expect, it } from 'vitest';
import { alternativesOf, scoreEdges } from './alternatives.js';

const IN_FORCE = { step_up: 0.3, review: 0.7, decline: 0.9 };

describe('alternatives of thresholds', () => {
  it('go from one neighbour in force to the other, and hold the one in force, which no grid has', () => {
    const found = alternativesOf({ step_up: 0.123, review: 0.2, decline: 0.9 }, {});
    expect(found.step_up).toEqual([0.01, 0.02, 0.05, 0.1, 0.123, 0.15, 0.2]);
    expect([found.review[0], found.review.at(-1)]).toEqual([0.15, 0.9]);
    expect(found.decline.slice(0, 2)).toEqual([0.2, 0.25]);
    expect(found.decline.at(-1)).toBe(0.99);
  });

  it('are those alone that are asked for, each once, beside the one in force', () => {
    expect(alternativesOf(IN_FORCE, { decline: [0.95, 0.5, 0.95, 0.9], review: [] })).toEqual({
      step_up: [0.3],
      review: [0.7],
      decline: [0.5, 0.9, 0.95],
    });
  });

  it('are all edges of bins, which ascend', () => {
    const edges = scoreEdges(alternativesOf(IN_FORCE, { decline: [0.123456], step_up: [0, 1] }));
    expect(edges).toEqual(edges.toSorted((a, b) => a - b));
    expect(new Set(edges).size).toBe(edges.length);
    expect(edges).toEqual(expect.arrayContaining([0, 0.123456, 0.3, 0.7, 0.9, 1]));
  });
});
