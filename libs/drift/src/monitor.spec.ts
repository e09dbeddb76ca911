import { expect, it } from 'vitest';
import { DriftMonitor } from './monitor.js';
import { verdictOf } from './reading.js';
import { LEAST_ROWS, LEAST_ROWS_WIDE } from './threshold.js';

const NOW = Date.UTC(2026, 0, 5, 12);
const REFERENCE = {
  rows: 100_000,
  features: {
    amount: { edges: [10, 20], shares: [0.25, 0.25, 0.25], missing: 0.25, range: [0, 100] as const },
  },
  score: { edges: [0.5], shares: [0.9, 0.1] },
  categories: {
    currency: {
      values: ['EUR', 'USD'],
      shares: [0.5, 0.25],
      rare: ['CHF', 'PLN'],
      rare_share: 0,
      missing: 0.25,
      unseen: 0,
    },
  },
};
/** Four amounts, four currencies and ten scores, as the reference has them. */
const AMOUNTS = [5, 15, 25, NaN];
const CURRENCIES = ['EUR', 'USD', 'EUR', undefined];
const scoreOf = (row: number): number => (row % 10 === 0 ? 0.7 : 0.1);

const amountOf = (row: number): number => AMOUNTS[row % 4]!;
const currencyOf = (row: number): string | undefined => CURRENCIES[row % 4];

function monitorOf(rows: number, amounts = amountOf, currencies = currencyOf): DriftMonitor {
  const monitor = new DriftMonitor(REFERENCE, { features: ['hour', 'amount'], fields: ['currency'] });
  monitor.at(NOW);
  for (let row = 0; row < rows; row++)
    monitor.add(Float32Array.of(1, amounts(row)), 0, scoreOf(row), { currency: currencies(row) });
  return monitor;
}

it('is calm where the rows are as in the reference', () => {
  const readings = monitorOf(LEAST_ROWS).readings('1h', NOW);
  expect(readings).toMatchObject([
    { feature: 'amount', verdict: 'calm', rows: LEAST_ROWS, threshold: 0.1 },
    { feature: 'score', verdict: 'calm', rows: LEAST_ROWS },
    { feature: 'currency', verdict: 'calm', rows: LEAST_ROWS },
  ]);
  for (const { psi } of readings) expect(psi).toBeCloseTo(0, 12);
  expect(verdictOf(readings)).toBe('calm');
});

it('says insufficient, and no number, where there are too few rows', () => {
  const readings = monitorOf(LEAST_ROWS - 1).readings('1h', NOW);
  expect(readings[0]).toMatchObject({
    verdict: 'insufficient',
    psi: null,
    threshold: null,
    rows: LEAST_ROWS - 1,
  });
  expect(verdictOf(readings)).toBe('insufficient');
});

it.each([
  ['values that moved', (row: number) => AMOUNTS[row % 4]! * 3],
  ['values that are missing more often', (row: number) => (row % 2 === 0 ? NaN : AMOUNTS[row % 4]!)],
  ['values beyond what the reference has', (row: number) => (row % 20 === 0 ? 1000 : AMOUNTS[row % 4]!)],
])('finds %s, and says by how much', (_, amounts) => {
  const readings = monitorOf(2000, amounts).readings('1h', NOW);
  expect(readings[0]).toMatchObject({ feature: 'amount', verdict: 'drift' });
  expect(readings[0]!.psi).toBeGreaterThan(0.1);
  expect(readings[1]).toMatchObject({ feature: 'score', verdict: 'calm' });
  expect(verdictOf(readings)).toBe('drift');
});

it.each([
  ['a code that comes more often', (row: number) => (row % 5 === 0 ? 'USD' : currencyOf(row))],
  ['rare codes that do', (row: number) => (row % 20 === 0 ? 'PLN' : currencyOf(row))],
  ['codes that are missing more often', (row: number) => (row % 3 === 0 ? undefined : currencyOf(row))],
  ['a code that the reference does not know', (row: number) => (row % 20 === 0 ? 'XTS' : currencyOf(row))],
])('finds %s', (_, currencies) => {
  const [amount, , currency] = monitorOf(2000, amountOf, currencies).readings('1h', NOW);
  expect(currency).toMatchObject({ feature: 'currency', verdict: 'drift' });
  expect(amount).toMatchObject({ verdict: 'calm' });
});

it('wants five times as many rows of a field with more than twenty codes', () => {
  const values = Array.from({ length: 20 }, (_, i) => String(5400 + i));
  const mcc = { values, shares: values.map(() => 0.05), rare: [], rare_share: 0, missing: 0, unseen: 0 };
  const monitor = new DriftMonitor(
    { ...REFERENCE, categories: { mcc } },
    { features: ['hour', 'amount'], fields: ['mcc'] },
  );
  const add = (rows: number): void => {
    for (let i = 0; i < rows; i++)
      monitor.add(Float32Array.of(1, amountOf(i)), 0, scoreOf(i), { mcc: values[i % 20] });
  };
  add(LEAST_ROWS_WIDE - 20);
  expect(monitor.everything().map(({ verdict }) => verdict)).toEqual(['calm', 'calm', 'insufficient']);
  add(20);
  expect(monitor.everything().map(({ verdict }) => verdict)).toEqual(['calm', 'calm', 'calm']);
});

it('shows the rows of every bin beside what was expected', () => {
  const [amount] = monitorOf(1000, (row) => (row < 10 ? 1000 : AMOUNTS[row % 4]!)).readings('1h', NOW);
  expect(amount!.bins.map(({ bin, expected, rows }) => [bin, expected, rows])).toEqual([
    ['1', 0.25, 247],
    ['2', 0.25, 247],
    ['3', 0.25, 248],
    ['missing', 0.25, 248],
    ['other', 0, 10],
  ]);
});

it('reads the same from three processes together as from one with all rows', () => {
  const one = monitorOf(6000);
  const three = [0, 1, 2].map((part) => monitorOf(2000, (row) => AMOUNTS[(3 * row + part) % 4]!));
  const sum = three[0]!.totals.map((column, c) =>
    column.map((_, b) => three.reduce((n, m) => n + m.totals[c]![b]!, 0)),
  );
  expect(sum[0]).toEqual(one.totals[0]);
});
