import { describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.js';
import { sentenceOf } from './sentence.js';

const say = (name: string, value: number | null): string =>
  sentenceOf(
    CATALOGUE.find((feature) => feature.name === name)!,
    value,
  );

describe('the sentence of a feature', () => {
  it('says what it is, its value and unit', () => {
    expect(say('card_count_1h', 7)).toBe('Transactions of the card in one hour: 7');
    expect(say('card_sum_24h', 120.5)).toBe('Amount spent with the card in 24 hours: 120.5 EUR-equivalent');
    expect(say('card_speed_kmh', 2400)).toBe(
      'Speed needed from the last located transaction to this one: 2400 km/h',
    );
  });

  it('answers yes or no for a flag', () => {
    expect(say('card_first_at_merchant', 1)).toBe('The card was not seen at this merchant before: yes');
    expect(say('is_night', 0)).toBe('From 0:00 to 6:59 where the purchase took place: no');
  });

  it('says that a value is not known', () => {
    expect(say('card_ratio_7d', null)).toBe('Amount ÷ the mean of the 7 days before this one: not known');
    expect(say('card_new_device', null)).toMatch(/: not known$/);
  });

  it('reads well for every feature: no sentence begins with a digit or a small letter', () => {
    for (const feature of CATALOGUE) expect(sentenceOf(feature, 1)).toMatch(/^\p{Lu}.*: \S/u);
  });
});
