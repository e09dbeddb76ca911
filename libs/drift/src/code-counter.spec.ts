import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CodeCounter } from './code-counter.js';
import { codeColumns, type ReferenceCodes } from './reference.js';

const code = fc.constantFrom('EUR', 'USD', '5411', '', 'toString', '__proto__', 'rare', 'unseen');
const codes: fc.Arbitrary<ReferenceCodes> = fc
  .uniqueArray(code, { maxLength: 6 })
  .chain((all) =>
    fc.nat(all.length).map((frequent) => [all.slice(0, frequent), all.slice(frequent)] as const),
  )
  .map(([values, rare]) => ({
    values,
    shares: values.map(() => 0.5 / values.length),
    rare,
    rare_share: 0.1,
    missing: 0.2,
    unseen: 0.2,
  }));

/** As its definition reads. */
function binOf({ values, rare }: ReferenceCodes, value: string | undefined): number {
  if (value === undefined) return values.length + 1;
  const frequent = values.indexOf(value);
  if (frequent >= 0) return frequent;
  return values.length + (rare.includes(value) ? 0 : 2);
}

it('counts every row once in each field, in the bin that its definition gives, and touches nothing before its base', () => {
  const world = fc.tuple(
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), codes),
    fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), code), { maxLength: 30 }),
    fc.nat(5),
  );
  fc.assert(
    fc.property(world, ([categories, rows, base]) => {
      const reference = { rows: 1000, features: {}, score: { edges: [], shares: [1] }, categories };
      const columns = codeColumns(reference, ['c', 'a', 'b']);
      expect(columns.map(({ name }) => name)).toEqual(['c', 'a', 'b'].filter((name) => name in categories));
      const counter = new CodeCounter(columns, base);
      const counts = new Uint32Array(base + counter.length);
      for (const row of rows) counter.add(row, counts);
      columns.forEach(({ name, bins }, c) => {
        const expected = bins.map(() => 0);
        for (const row of rows) expected[binOf(categories[name]!, row[name])]! += 1;
        expect(counter.of(c, counts)).toEqual(expected);
      });
      expect(counts.subarray(0, base).every((count) => count === 0)).toBe(true);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(rows.length * columns.length);
    }),
  );
});

it('names the bins by their codes, then rare, missing and unseen, each with its share', () => {
  const currency = {
    values: ['EUR', 'USD'],
    shares: [0.6, 0.2],
    rare: ['CHF'],
    rare_share: 0.1,
    missing: 0.07,
    unseen: 0.03,
  };
  const reference = { rows: 10, features: {}, score: { edges: [], shares: [1] } };
  expect(codeColumns({ ...reference, categories: { currency } }, ['currency'])[0]!.bins).toMatchObject([
    { name: 'EUR', expected: 0.6 },
    { name: 'USD', expected: 0.2 },
    { name: 'rare', expected: 0.1 },
    { name: 'missing', expected: 0.07 },
    { name: 'unseen', expected: 0.03 },
  ]);
  expect(codeColumns(reference, ['currency'])).toEqual([]);
});
