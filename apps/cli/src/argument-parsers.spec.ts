import { describe, expect, it } from 'vitest';
import { duration, httpUrl, instant, rate, threshold, wholeNumber } from './argument-parsers.js';

describe('duration', () => {
  it.each([
    ['30s', 30_000],
    ['2m', 120_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['10', 10_000],
  ])('reads %s', (text, ms) => expect(duration(text)).toBe(ms));
  it.each(['', '0s', '-1s', '5 days', 's', '9'.repeat(400)])('refuses %j', (text) => {
    expect(() => duration(text)).toThrow('duration');
  });
});

describe('wholeNumber', () => {
  it('keeps to its bounds', () => {
    expect(wholeNumber(1, 500)('500')).toBe(500);
    for (const text of ['0', '501', '1.5', '', 'x', '-3']) {
      expect(() => wholeNumber(1, 500)(text)).toThrow('whole number');
    }
  });
});

describe('instant', () => {
  it('takes a moment since 1970 in ISO 8601', () => {
    expect(instant('2026-01-05')).toBe('2026-01-05');
    for (const text of ['soon', '1969-12-31', '']) expect(() => instant(text)).toThrow('ISO 8601');
  });
});

describe('rate and httpUrl', () => {
  it('accept what they name and nothing else', () => {
    expect(rate(1000)('0.5')).toBe(0.5);
    for (const text of ['fast', '-1', '1001', '9'.repeat(400)])
      expect(() => rate(1000)(text)).toThrow('number');
    expect(httpUrl('http://127.0.0.1:8000/')).toBe('http://127.0.0.1:8000');
    expect(() => httpUrl('127.0.0.1:8000')).toThrow('http://127.0.0.1:8000');
  });
});

describe('threshold', () => {
  it('names an outcome and a number, as it was written, beside those before it', () => {
    const first = threshold('decline=0.850');
    expect(threshold('step_up=1', first)).toEqual([
      { name: 'decline', value: '0.850' },
      { name: 'step_up', value: '1' },
    ]);
    for (const text of ['decline', 'approve=0.5', 'decline=1.01', 'decline=-1', 'decline=0.5x', '=0.5', ''])
      expect(() => threshold(text)).toThrow('such as decline=0.85');
  });
});
