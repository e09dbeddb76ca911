import { describe, expect, it } from 'vitest';
import { Patience } from './patience.js';

describe('Patience', () => {
  it('lapses when nothing has moved for so long, and not before', () => {
    let now = 1000;
    const patience = new Patience(50, () => now);
    now += 49;
    expect(patience.lapsed).toBe(false);
    patience.moved();
    now += 49;
    expect(patience.lapsed).toBe(false);
    now += 1;
    expect(patience.lapsed).toBe(true);
  });

  it('can be shortened, and never made longer by that', () => {
    let now = 0;
    const patience = new Patience(50, () => now);
    patience.shorten(10);
    patience.shorten(70);
    now = 10;
    expect(patience.lapsed).toBe(true);
  });
});
