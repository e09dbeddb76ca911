import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BinCounter, MOST_EDGES } from './bin-counter.js';
import { numberColumns, type ReferenceBins } from './reference.js';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const value = fc.oneof(
  float,
  fc.constant(NaN),
  fc.constant(Infinity),
  fc.constant(-Infinity),
  fc.integer({ min: -3, max: 3 }),
);
const edges = fc
  .uniqueArray(fc.oneof(float, fc.integer({ min: -3, max: 3 })), {
    maxLength: MOST_EDGES,
    comparator: 'SameValue',
  })
  .map((all) => [...new Set(all.map((edge) => (edge === 0 ? 0 : edge)))].toSorted((a, b) => a - b));
const bins: fc.Arbitrary<ReferenceBins> = fc
  .tuple(edges, fc.option(fc.tuple(float, float), { nil: undefined }))
  .map(([found, range]) => ({
    edges: found,
    shares: Array.from({ length: found.length + 1 }, () => 1 / (found.length + 1)),
    ...(range !== undefined && { range: [Math.min(...range), Math.max(...range)] as const }),
  }));

/** As its definition reads. */
function binOf({ edges: found, range }: ReferenceBins, v: number): number {
  if (Number.isNaN(v)) return found.length + 1;
  if (!Number.isFinite(v) || (range !== undefined && (v < range[0] || v > range[1]))) return found.length + 2;
  return found.filter((edge) => v >= edge).length;
}

it('counts every row once in each column, in the bin that its definition gives', () => {
  const world = fc
    .integer({ min: 1, max: 6 })
    .chain((width) =>
      fc.tuple(
        fc.array(bins, { minLength: width, maxLength: width }),
        bins,
        fc.array(fc.tuple(fc.array(value, { minLength: width, maxLength: width }), value), { maxLength: 30 }),
      ),
    );
  fc.assert(
    fc.property(world, ([features, score, rows]) => {
      const names = features.map((_, i) => `f${i}`);
      const reference = {
        rows: 1000,
        score,
        features: Object.fromEntries(features.map((f, i) => [`f${i}`, f])),
      };
      const counter = new BinCounter(numberColumns(reference, names));
      const counts = new Uint32Array(counter.length);
      const values = Float32Array.from(rows.flatMap(([row]) => row));
      rows.forEach(([, s], n) => {
        counter.add(values, n * names.length, s, counts);
      });
      [...features, score].forEach((column, c) => {
        const expected = Array.from({ length: column.edges.length + 3 }, () => 0);
        rows.forEach(([, s], n) => {
          const v = c === features.length ? s : values[n * names.length + c]!;
          expected[binOf(column, v)]! += 1;
        });
        expect(counter.of(c, counts)).toEqual(expected);
      });
    }),
  );
});

it('leaves out what the reference does not know, and takes features by their names', () => {
  const one = { edges: [1], shares: [0.5, 0.5] };
  const columns = numberColumns({ rows: 10, score: one, features: { b: one, gone: one } }, ['a', 'b']);
  expect(columns.map(({ name, place }) => [name, place])).toEqual([
    ['b', 1],
    ['score', null],
  ]);
  const counter = new BinCounter(columns);
  const counts = new Uint32Array(counter.length);
  counter.add(Float32Array.of(7, 0), 0, 0.5, counts);
  expect(counter.of(0, counts)).toEqual([1, 0, 0, 0]);
});
