import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeHeap, type Timed } from './time-heap.js';

const items = fc.array(fc.nat(20)).map((times): Timed[] => times.map((at, order) => ({ at, order })));
const sorted = (list: readonly Timed[]): Timed[] => list.toSorted((a, b) => a.at - b.at || a.order - b.order);

describe('TimeHeap', () => {
  it('gives everything back in order of time, ties in their order', () => {
    fc.assert(
      fc.property(items, (list) => {
        const heap = new TimeHeap<Timed>();
        for (const item of list) heap.push(item);
        const out: Timed[] = [];
        for (let top = heap.pop(); top !== undefined; top = heap.pop()) out.push(top);
        expect(out).toEqual(sorted(list));
        expect(heap.size).toBe(0);
      }),
    );
  });

  it('keeps its order when the earliest item is delayed', () => {
    fc.assert(
      fc.property(items, fc.array(fc.nat(30)), (list, delays) => {
        const heap = new TimeHeap<Timed>();
        for (const item of list) heap.push({ ...item });
        for (const delay of delays) {
          const top = heap.peek();
          if (top === undefined) break;
          top.at += delay;
          heap.delayTop();
        }
        const out: Timed[] = [];
        for (let top = heap.pop(); top !== undefined; top = heap.pop()) out.push(top);
        expect(out).toEqual(sorted(out));
        expect(out).toHaveLength(list.length);
      }),
    );
  });
});
