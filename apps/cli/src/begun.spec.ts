import { describe, expect, it } from 'vitest';
import { begun } from './begun.js';

describe('begun', () => {
  it('makes the first item at once, the others when they are asked for, and leaves none out', () => {
    const made: number[] = [];
    const numbers = (function* () {
      for (const n of [1, 2, 3]) {
        made.push(n);
        yield n;
      }
    })();
    const items = begun(numbers);
    expect(made).toEqual([1]);
    expect([...items]).toEqual([1, 2, 3]);
    expect([...begun([].values())]).toEqual([]);
  });
});
