import { describe, expect, it } from 'vitest';
import { Pace } from './pace.js';

describe('Pace', () => {
  it('predicts by what runs of that size took, with half of it on top', () => {
    const pace = new Pace();
    for (let i = 0; i < 100; i++) {
      pace.ranModel(1, 0.2);
      pace.ranModel(64, 2);
    }
    expect(pace.model(1)).toBeCloseTo(0.3);
    expect(pace.model(33)).toBeCloseTo(3);
    expect(pace.model(64)).toBeCloseTo(3);
  });

  it('tries a run that was too slow again some time', () => {
    const pace = new Pace();
    for (let i = 0; i < 20; i++) pace.ranModel(1, 40);
    let left = 0;
    while (pace.model(1) > 10) {
      pace.leftOutModel(1);
      left += 1;
    }
    expect(left).toBeGreaterThan(10);
    expect(left).toBeLessThan(100);
  });

  it('takes what a transaction takes from turns of many alone', () => {
    const pace = new Pace();
    const before = pace.each;
    pace.tookTurn(1, 5);
    expect(pace.each).toBe(before);
    for (let i = 0; i < 100; i++) pace.tookTurn(64, 6.4);
    expect(pace.each).toBeCloseTo(0.1);
  });
});
