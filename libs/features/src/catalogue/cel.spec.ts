import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.js';
import { celTypes } from './cel.js';
import type { Feature } from './feature.js';

const environment = new Environment({ unlistedVariablesAreDyn: false });
for (const [name, type] of celTypes(CATALOGUE)) environment.registerVariable(name, type);

/** What an analyst would ask of a feature. It holds for 1. */
const natural: Record<Feature['unit'], (name: string) => string> = {
  'EUR-equivalent': (name) => `${name} > 0.50 && ${name} <= 5000`,
  count: (name) => `${name} < 3`,
  ratio: (name) => `${name} * 2.0 > 1.5`,
  seconds: (name) => `${name} <= 60`,
  hours: (name) => `${name} < 6.5`,
  days: (name) => `${name} < 7`,
  flag: (name) => `${name} == 1.0`,
  km: (name) => `${name} < 100`,
  'km/h': (name) => `!(${name} > 900)`,
  'standard deviations': (name) => `${name} >= 1 || ${name} < -3`,
};

const everything = (value: number): Record<string, number> =>
  Object.fromEntries(CATALOGUE.map(({ name }) => [name, value]));

describe('the CEL types of the catalogue', () => {
  it.each(CATALOGUE)('take a natural expression over $name, and no misspelling of it', ({ name, unit }) => {
    const expression = natural[unit](name);
    expect(environment.check(expression)).toMatchObject({ valid: true, type: 'bool' });
    expect(environment.evaluate(expression, everything(1))).toBe(true);
    const misspelled = environment.check(natural[unit](`${name}s`));
    expect(misspelled.valid).toBe(false);
    expect(misspelled.error?.message).toContain(`Unknown variable: ${name}s`);
  });

  it('let features meet in one expression', () => {
    const expression = 'card_sum_24h / card_count_24h > 3.0 * card_mean_30d && is_night == is_weekend';
    expect(environment.check(expression).valid).toBe(true);
  });

  it.each(CATALOGUE)('make no comparison with a missing $name true', ({ name }) => {
    for (const operator of ['<', '<=', '>', '>=', '==']) {
      expect(environment.evaluate(`${name} ${operator} 1.0`, everything(NaN))).toBe(false);
    }
  });

  it.each(['card_count_1h == "3"', 'is_night', 'is_night == true', 'is_night == 1', 'card_count_1h + 1 > 3'])(
    'refuse %s before it runs',
    (expression) => {
      expect(environment.check(`${expression} && amount > 1`).valid).toBe(false);
    },
  );
});
