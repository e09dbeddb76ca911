import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlight } from './in-flight.js';

describe('InFlight', () => {
  it('gives each answer what it belongs to, once, in any order', () => {
    const orders = fc
      .integer({ min: 1, max: 40 })
      .chain((n) => fc.array(fc.nat(n - 1), { maxLength: 80 }).map((answers) => ({ n, answers })));
    fc.assert(
      fc.property(orders, ({ n, answers }) => {
        const inFlight = new InFlight<number>();
        const headers = Array.from({ length: n }, (_, i) => inFlight.add(i));
        const open = new Set(headers.keys());
        for (const i of answers) {
          expect(inFlight.take(headers[i])).toBe(open.delete(i) ? i : undefined);
          expect(inFlight.size).toBe(open.size);
        }
        expect(inFlight.takeAll()).toEqual([...open]);
        expect(inFlight.size).toBe(0);
      }),
    );
  });

  it('writes a traceparent as W3C wants it, and follows the trace when the parent is another', () => {
    const inFlight = new InFlight<string>();
    const header = inFlight.add('a');
    expect(header).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(inFlight.take(`${header.slice(0, 36)}00f067aa0ba902b7-01`)).toBe('a');
  });

  it('takes nothing for an answer that is to another run, to nobody, or to something else', () => {
    const inFlight = new InFlight<string>();
    inFlight.add('a');
    for (const other of [new InFlight<string>().add('b'), undefined, '', 'x', '00-1-2-3']) {
      expect(inFlight.take(other)).toBeUndefined();
    }
    expect(inFlight.size).toBe(1);
  });
});
