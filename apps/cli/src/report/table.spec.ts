import { describe, expect, it } from 'vitest';
import { figure, millis, money, percent, table, whole } from './table.js';

describe('table', () => {
  it('lines its columns up', () => {
    const rows = [
      ['name', 'n'],
      ['a', '1'],
      ['longer', '1,234'],
    ];
    expect(table(rows)).toBe('name        n\na           1\nlonger  1,234');
  });
});

describe('figures', () => {
  it('are short and say when there is none', () => {
    expect([whole(1234.4), money(123_456), percent(0.1234), percent(0.001), millis(1.234)]).toEqual([
      '1,234',
      '1,235',
      '12.3 %',
      '0.10 %',
      '1.23 ms',
    ]);
    expect([whole(NaN), percent(NaN), millis(NaN), figure(NaN)]).toEqual(['–', '–', '–', '–']);
  });
});
