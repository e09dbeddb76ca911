import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from './batches.js';

describe('batches', () => {
  it('keeps every row up to the limit, in order, in groups of the size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat()),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(40),
        async (rows, size, limit) => {
          const out: number[][] = [];
          for await (const batch of batches(rows, size, limit)) out.push(batch);
          expect(out.flat()).toEqual(rows.slice(0, limit));
          expect(out.slice(0, -1).every((batch) => batch.length === size)).toBe(true);
          expect(out.every((batch) => batch.length > 0)).toBe(true);
        },
      ),
    );
  });
});
