import { describe, expect, it } from 'vitest';
import { cardsFor, resolveOptions, type SimulationOptions } from './options.js';
import { simulate } from './simulate.js';

describe('resolveOptions', () => {
  it('gives other options another tag, so that ids never collide', () => {
    const variants: SimulationOptions[] = [
      {},
      { seed: 7 },
      { cards: 999 },
      { days: 31 },
      { fraud: 0.01 },
      { start: '2026-02-02' },
    ];
    expect(new Set(variants.map((v) => resolveOptions(v).tag)).size).toBe(variants.length);
    expect(resolveOptions({ seed: 42 }).tag).toBe(resolveOptions({}).tag);
  });

  it.each<[string, SimulationOptions]>([
    ['seed', { seed: 1.5 }],
    ['cards', { cards: 0 }],
    ['days', { days: -1 }],
    ['fraud', { fraud: 0.5 }],
    ['start', { start: 'someday' }],
  ])('refuses an impossible %s by name', (name, options) => {
    expect(() => resolveOptions(options)).toThrow(name);
  });
});

describe('cardsFor', () => {
  it('makes about as many transactions as wanted', () => {
    let count = 0;
    for (const _ of simulate({ cards: cardsFor(20_000, 30), days: 30 })) count++;
    expect(count).toBeGreaterThan(17_000);
    expect(count).toBeLessThan(23_000);
  });
});
