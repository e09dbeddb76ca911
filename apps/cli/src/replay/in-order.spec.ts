import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.js';

async function* each<T>(items: Iterable<T>): AsyncGenerator<T, void> {
  yield* items;
}
const never = (): boolean => false;

describe('inOrder', () => {
  it('gives every result beside its item, in order, with no more under way than allowed', async () => {
    const cases = fc.tuple(fc.array(fc.nat(3), { maxLength: 30 }), fc.integer({ min: 1, max: 6 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([waits, most]) => {
        let underWay = 0;
        const work = async (ms: number): Promise<number> => {
          expect(++underWay).toBeLessThanOrEqual(most);
          await sleep(ms);
          underWay--;
          return ms * 2;
        };
        const out: (readonly [number, number])[] = [];
        for await (const pair of inOrder(each(waits), most, work, never)) out.push(pair);
        expect(out).toEqual(waits.map((ms) => [ms, ms * 2]));
      }),
      { numRuns: 25 },
    );
  });

  it('takes no more once ended, and finishes what is under way', async () => {
    let begun = 0;
    const work = async (i: number): Promise<number> => {
      begun++;
      await sleep(1);
      return i;
    };
    const out: number[] = [];
    for await (const [i] of inOrder(each([0, 1, 2, 3, 4]), 2, work, () => begun === 3)) out.push(i);
    expect(out).toEqual([0, 1, 2]);
  });

  it('fails with the first failure', async () => {
    const work = (i: number): Promise<number> => Promise.reject(new Error(`no ${i}`));
    const all = async (): Promise<void> => {
      for await (const pair of inOrder(each([1, 2, 3]), 2, work, never)) expect(pair).toBeUndefined();
    };
    await expect(all()).rejects.toThrow('no 1');
  });
});
