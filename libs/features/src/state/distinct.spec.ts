import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Distinct } from './distinct.js';

it('counts and knows exactly what a set does, use after use', () => {
  const distinct = new Distinct();
  const value = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 300 }), value, (values, other) => {
      distinct.clear();
      const set = new Set(values);
      for (const v of values) distinct.add(v);
      expect(distinct.size).toBe(set.size);
      expect(distinct.has(other)).toBe(set.has(other));
      for (const v of set) expect(distinct.has(v)).toBe(true);
    }),
  );
});
